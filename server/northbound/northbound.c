#include "server/northbound/northbound.h"

#include "core/base/check.h"
#include "server/shard/shard.h"

static const struct {
    const char *name;
    view_fn *answer;
} views[] = {
#define VIEW_ROW(id, name) [VIEW_##id] = {#name, view_##name},
    VIEWS(VIEW_ROW)
#undef VIEW_ROW
};

static const struct {
    const char *name;
    order_fn *act;
    order_later_fn *begin; /* in place of it */
} orders[] = {
#define ORDER_ROW(id, name)       [ORDER_##id] = {#name, order_##name, NULL},
#define ORDER_LATER_ROW(id, name) [ORDER_##id] = {#name, NULL, order_##name},
    ORDERS(ORDER_ROW) ORDERS_LATER(ORDER_LATER_ROW)
#undef ORDER_ROW
#undef ORDER_LATER_ROW
};

const char *envelope_name(const struct envelope *envelope)
{
    const struct envelope_what *what = &envelope->what;
    return what->class == ENVELOPE_VIEW ? views[what->view].name : orders[what->order].name;
}

enum pce_status envelope_post(struct shared *shared, struct envelope *envelope)
{
    CHECK(envelope->shard < shared->shard_count);
    struct mail mail = {.kind = SHARD_MAIL_ENVELOPE};
    mail.pointers[0] = envelope;
    return mailbox_post(shared->shards[envelope->shard].mailbox, &mail, NULL);
}

static void northbound_act(struct shard *shard, struct envelope *envelope)
{
    enum order_id order = envelope->what.order;
    CHECK(order < ORDER_COUNT);
    if (orders[order].begin != NULL) {
        orders[order].begin(shard, envelope);
        return;
    }
    orders[order].act(shard, envelope->argument);
    northbound_answer(shard, envelope);
}

static void northbound_show(struct shard *shard, struct envelope *envelope)
{
    enum view_id view = envelope->what.view;
    CHECK(view < VIEW_COUNT);
    views[view].answer(shard, envelope->argument);
    northbound_answer(shard, envelope);
}

static void on_mail(struct shard *shard, const struct mail *mail)
{
    struct envelope *envelope = mail->pointers[0];
    /* A walk over all sessions is thousands of envelopes, each of which is awaited. */
    coalesce_on_message(&shard->coalesce, shard->now);
    if (envelope->what.class == ENVELOPE_VIEW)
        northbound_show(shard, envelope);
    else
        northbound_act(shard, envelope);
}

static bool northbound_is_busy(const struct shard *shard)
{
    return shard->answered != NULL;
}

const struct shard_part northbound_part = {
    .name = "northbound",
    .mails = UINT32_C(1) << SHARD_MAIL_ENVELOPE,
    .on_mail = on_mail,
    .on_turn = northbound_give_back,
    .is_busy = northbound_is_busy,
};
