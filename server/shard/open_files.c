#include "server/shard/open_files.h"

#include "io/os/limits.h"
#include "server/log/log.h"
#include "server/shard/shard.h"
#include "server/shard/shared.h"

enum pce_status open_files_refuse(struct failure *failure, enum pce_status status, const char *what)
{
    if (status != PCE_LIMIT)
        return failure_set(failure, status, "no memory for %s", what);
    return failure_set(failure, status,
                       "no file descriptor for %s: the limit of open files is %llu; raise it "
                       "(ulimit -n, LimitNOFILE=) or use fewer shards",
                       what, (unsigned long long)limits_files());
}

/* Connections that all shards hold together. */
static uint64_t open_files_room_of(const struct shared *shared)
{
    uint64_t room = 0;
    for (unsigned i = 0; i < shared->shard_count; i++)
        room += ring_file_count(shared->shards[i].ring);
    if (room > 0)
        return room;
    uint64_t limit = limits_files(); /* plain descriptors, which all shards take of one table */
    return limit > 2 * OPEN_FILES_KEPT ? limit - OPEN_FILES_KEPT : limit / 2;
}

static bool is_direct(const struct shared *shared)
{
    return ring_file_count(shared->shards[0].ring) > 0;
}

void open_files_compare(const struct shared *shared)
{
    static struct log_site site = LOG_SITE(
        WARNING, "the limit of open files leaves room for fewer sessions than limits.sessions");
    uint64_t sessions = shared->config.limits.sessions_max;
    uint64_t room = open_files_room_of(shared);
    struct log_line line;
    if (room - room / OPEN_FILES_SPREAD >= sessions || !log_begin(&line, &site))
        return;
    uint64_t tables = is_direct(shared) ? shared->shard_count : 1;
    uint64_t needed = (sessions * (OPEN_FILES_SPREAD + 1) / OPEN_FILES_SPREAD + tables) / tables;
    log_number(&line, "open_files", limits_files());
    log_number(&line, "needed", needed + OPEN_FILES_KEPT);
    log_number(&line, "room", room);
    log_number(&line, "sessions", sessions);
    log_end(&line);
}
