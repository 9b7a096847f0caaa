#include "io/os/limits.h"

#include <sys/resource.h>

static struct rlimit limits_ask(int resource)
{
    struct rlimit limit;
    return getrlimit((__rlimit_resource_t)resource, &limit) == 0 ? limit : (struct rlimit){0, 0};
}

void limits_raise_files(void)
{
    struct rlimit files = limits_ask(RLIMIT_NOFILE);
    if (files.rlim_cur == files.rlim_max)
        return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

uint64_t limits_files(void)
{
    return limits_ask(RLIMIT_NOFILE).rlim_cur;
}

uint64_t limits_files_hard(void)
{
    return limits_ask(RLIMIT_NOFILE).rlim_max;
}

uint64_t limits_locked_memory(void)
{
    return limits_ask(RLIMIT_MEMLOCK).rlim_cur;
}
