"""Why a plan has so many workers and no more."""

MORE_WOULD = {
    "memory": "more do not fit into memory",
    "pids": "the task limit carries no more",
    "backend": "more would only wait for the backends",
    "demand": "more would only wait for the CPUs",
}
