/*
 * Shows the values with which the running httpd works; it changes none.
 *
 * Under -t it prints them once the configuration has been checked. In a running server the
 * handler "values-in-force" answers with the same lines, one "name value" each.
 */
#include "apr_strings.h"

#include "ap_listen.h"
#include "ap_mpm.h"
#include "http_config.h"
#include "http_core.h"
#include "http_main.h"
#include "http_protocol.h"
#include "httpd.h"
#include "mpm_common.h"

struct query {
    const char *name;
    int code;
};

static const struct query queries[] = {
    {"ServerLimit", AP_MPMQ_HARD_LIMIT_DAEMONS},
    {"ThreadLimit", AP_MPMQ_HARD_LIMIT_THREADS},
    {"ThreadsPerChild", AP_MPMQ_MAX_THREADS},
    {"children", AP_MPMQ_MAX_DAEMONS},
    {"MinSpareServers", AP_MPMQ_MIN_SPARE_DAEMONS},
    {"MaxSpareServers", AP_MPMQ_MAX_SPARE_DAEMONS},
    {"MinSpareThreads", AP_MPMQ_MIN_SPARE_THREADS},
    {"MaxSpareThreads", AP_MPMQ_MAX_SPARE_THREADS},
    {"MaxConnectionsPerChild", AP_MPMQ_MAX_REQUESTS_DAEMON},
    {"generation", AP_MPMQ_GENERATION},
};

static const char *line(apr_pool_t *pool, const char *name, apr_int64_t value)
{
    return apr_psprintf(pool, "%s %" APR_INT64_T_FMT "\n", name, value);
}

static const char *in_force(apr_pool_t *pool, server_rec *main)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        int value;
        if (ap_mpm_query(queries[i].code, &value) == APR_SUCCESS)
            text = apr_pstrcat(pool, text, line(pool, queries[i].name, value), NULL);
    }
    return apr_pstrcat(pool, text,
        line(pool, "GracefulShutdownTimeout", ap_graceful_shutdown_timeout),
        line(pool, "MaxMemFree", ap_max_mem_free),
        line(pool, "ThreadStackSize", (apr_int64_t)ap_thread_stacksize),
        line(pool, "ExtendedStatus", ap_extended_status),
        line(pool, "Timeout", main->timeout),
        line(pool, "KeepAlive", main->keep_alive),
        line(pool, "KeepAliveTimeout", main->keep_alive_timeout),
        line(pool, "MaxKeepAliveRequests", main->keep_alive_max),
        line(pool, "buckets", ap_num_listen_buckets),
        NULL);
}

static void show_when_checked(apr_pool_t *pool, server_rec *main)
{
    apr_file_t *out;

    if (apr_file_open_stdout(&out, pool) == APR_SUCCESS)
        apr_file_puts(in_force(pool, main), out);
}

static int answer(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "values-in-force") != 0)
        return DECLINED;
    ap_set_content_type(r, "text/plain");
    ap_rputs(in_force(r->pool, ap_server_conf), r);
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    ap_hook_test_config(show_when_checked, NULL, NULL, APR_HOOK_LAST);
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(inforce) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks
};
