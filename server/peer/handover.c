#include "server/peer/handover.h"

#include "core/base/check.h"
#include "server/log/log.h"
#include "server/peer/accept.h"

#include <stdlib.h>
#include <unistd.h>

struct handover {
    struct shard *shard; /* where it landed */
    unsigned home;
};

static void handover_lose(struct shard *shard, int descriptor, enum pce_status status)
{
    static struct log_site site = LOG_SITE(WARNING, "a connection could not be handed over");
    struct log_line line;
    counter_add(&shard->counters.strayed_lost, 1);
    if (descriptor >= 0)
        (void)close(descriptor);
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "why", pce_status_text(status));
    log_end(&line);
}

static void on_detached(void *context, int descriptor, enum pce_status status)
{
    struct handover *handover = context;
    struct shard *shard = handover->shard;
    struct mail mail = {
        .kind = SHARD_MAIL_CONN, .from = shard->index, .words = {(uint64_t)descriptor}};
    if (descriptor >= 0)
        status = mailbox_post(shard->shared->shards[handover->home].mailbox, &mail, shard->ring);
    if (status != PCE_OK)
        handover_lose(shard, descriptor, status);
    free(handover);
}

void handover_send(struct shard *shard, struct conn *conn, unsigned home)
{
    CHECK(home != shard->index && home < shard->shared->shard_count);
    counter_add(&shard->counters.strayed, 1);
    struct handover *handover = malloc(sizeof *handover);
    if (handover == NULL) {
        handover_lose(shard, -1, PCE_NO_MEMORY);
        conn_turn_away(conn);
        return;
    }
    *handover = (struct handover){.shard = shard, .home = home};
    conn_detach(conn, on_detached, handover);
}

static void on_mail(struct shard *shard, const struct mail *mail)
{
    int descriptor = (int)mail->words[0];
    struct conn *conn;
    if (shard->phase != SHARD_RUNNING) {
        (void)close(descriptor);
        return;
    }
    enum pce_status status = conn_adopt(shard->pool, descriptor, NULL, NULL, &conn);
    if (status != PCE_OK)
        handover_lose(shard, descriptor, status);
    else
        peer_accept(shard, conn);
}

/* A socket is the mail's own. */
static void drop_mail(const struct mail *mail)
{
    (void)close((int)mail->words[0]);
}

const struct shard_part handover_part = {
    .name = "handover",
    .mails = UINT32_C(1) << SHARD_MAIL_CONN,
    .on_mail = on_mail,
    .drop_mail = drop_mail,
};
