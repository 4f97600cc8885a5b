/*
 * Shows what httpd made of a request, in headers of the answer; it changes nothing else.
 *
 * Before access is checked: the line of the virtual host, the file name, the Options in force.
 * A handler whose name begins with "probe-" answers with its name.
 */
#include "apr_strings.h"

#include "httpd.h"

#include "http_config.h"
#include "http_core.h"
#include "http_protocol.h"
#include "http_request.h"

static int show(request_rec *r)
{
    apr_table_t *out = r->err_headers_out;

    if (r->main || r->prev) {
        return DECLINED;
    }
    apr_table_setn(out, "X-Host", apr_psprintf(r->pool, "%u", r->server->defn_line_number));
    apr_table_set(out, "X-File", r->filename ? r->filename : "");
    apr_table_setn(out, "X-Options", apr_psprintf(r->pool, "%d", ap_allow_options(r)));
    return DECLINED;
}

static int answer(request_rec *r)
{
    if (!r->handler || strncmp(r->handler, "probe-", 6)) {
        return DECLINED;
    }
    ap_rprintf(r, "%s\n", r->handler);
    return OK;
}

static void hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_access_checker(show, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_FIRST);
}

AP_DECLARE_MODULE(met) = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, hooks};
