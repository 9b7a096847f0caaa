/* SPEAKER-ENTITY-IDs that sessions claim, where memory or a mailbox refuses: two shards without
 * threads, and peers of which nothing is there but what a claim looks at. */
#include "server/peer/entities.h"
#include "core/base/map.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "io/net/conn_impl.h"
#include "server/peer/peer_impl.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define SHARDS          2
#define ALLOCATIONS_MAX 20

/* ---- memory ---- */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static unsigned refuse_at; /* the allocation from now that is refused; 0: none */

void *__wrap_calloc(size_t count, size_t size)
{
    if (refuse_at != 0 && --refuse_at == 0)
        return NULL;
    return __real_calloc(count, size);
}

/* ---- shards and peers ---- */

static struct shared shared;
static struct shard shards[SHARDS];
static struct peers peers[SHARDS];
static struct session_config session_config = {.speaker_check = true};
static struct conn conns[4];
static struct peer some[4];

static void on_mail(void *context, const struct mail *mail)
{
    entities_part.on_mail(context, mail);
}

static void set_up(void)
{
    refuse_at = 0;
    memset(&shared, 0, sizeof shared);
    shared.shard_count = SHARDS;
    shared.shards = shards;
    for (unsigned i = 0; i < SHARDS; i++) {
        peers[i] = (struct peers){.is_short = false};
        map_init(&peers[i].by_address, peer_is_equal, SIZE_MAX);
        shards[i] =
            (struct shard){.shared = &shared, .index = i, .peers = &peers[i], .is_holding = true};
        cr_assert_eq(mailbox_create(4, on_mail, &shards[i], &shards[i].mailbox), PCE_OK);
        cr_assert_eq(entities_part.init(&shards[i]), PCE_OK);
    }
    for (unsigned i = 0; i < 4; i++) {
        conns[i].peer = ip_from_u32(0x0a000001U + i);
        some[i] = (struct peer){.shard = &shards[i % SHARDS], .conn = &conns[i]};
        some[i].session.config = &session_config;
    }
}

static void tear_down(void)
{
    refuse_at = 0;
    for (unsigned i = 0; i < SHARDS; i++) {
        entities_part.fini(&shards[i]);
        mailbox_destroy(shards[i].mailbox);
        map_fini(&peers[i].by_address);
    }
}

TestSuite(entities, .init = set_up, .fini = tear_down, .timeout = 20);

static void say(struct peer *peer, const char *id)
{
    struct pcep_octets body = {.octets = {(const uint8_t *)id, strlen(id)}};
    struct pcep_tlv tlv = {.row = pcep_tlv_get(PCEP_TLV_SPEAKER_ENTITY_ID), .body = &body};
    const struct pcep_object open = {.tlvs = &tlv, .tlv_count = 1};
    entities_note(peer, &open);
}

static void come_up(struct peer *peer, const char *id)
{
    say(peer, id);
    entities_watcher.on_up(peer);
}

static void turn(void)
{
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < SHARDS; i++) {
            entities_part.on_turn(&shards[i]);
            (void)mailbox_drain(shards[i].mailbox);
        }
    }
}

static uint64_t kept(void)
{
    return counter_get(&shards[0].counters.entities) + counter_get(&shards[1].counters.entities);
}

static uint64_t unkept(void)
{
    return counter_get(&shards[0].counters.entities_unkept) +
           counter_get(&shards[1].counters.entities_unkept);
}

Test(entities, a_claim_is_kept_until_its_session_has_ended)
{
    come_up(&some[0], "router-1");
    come_up(&some[1], "router-2");
    turn();
    cr_expect_eq(kept(), 2);
    entities_watcher.on_gone(&some[0]);
    turn();
    cr_expect_eq(kept(), 1);
    entities_watcher.on_gone(&some[1]);
    turn();
    cr_expect_eq(kept(), 0);
    cr_expect_eq(unkept(), 0);
}

/* At each of the allocations of a claim and of what is kept of it: the session goes on, and nothing
 * is left when it has ended. */
Test(entities, what_memory_is_refused_for_claims_nothing_and_is_counted)
{
    uint64_t before;
    unsigned n = 0;
    do {
        before = unkept();
        cr_assert_lt(n, ALLOCATIONS_MAX);
        refuse_at = ++n;
        come_up(&some[0], "router-1");
        turn();
        cr_expect_eq(kept() + (unkept() - before), 1, "it is kept, or counted");
        refuse_at = 0;
        entities_watcher.on_gone(&some[0]);
        turn();
        cr_expect_eq(kept(), 0);
    } while (unkept() > before);
    cr_expect_gt(n, 2);
}

Test(entities, a_claim_that_no_mailbox_takes_now_is_made_later)
{
    const struct mail other = {.kind = SHARD_MAIL_STOP};
    come_up(&some[0], "router-1");
    for (unsigned i = 0; i < SHARDS; i++) {
        while (mailbox_post(shards[i].mailbox, &other, NULL) == PCE_OK)
            continue;
    }
    entities_part.on_turn(&shards[0]);
    cr_expect(entities_part.is_busy(&shards[0]), "it is tried again at once");
    entities_watcher.on_gone(&some[0]);
    cr_expect_not(entities_part.is_busy(&shards[0]), "nobody was told, and nobody need be");
    come_up(&some[0], "router-1");
}

Test(entities, the_second_session_gives_up_nothing_of_the_first)
{
    come_up(&some[0], "router-1");
    turn();
    come_up(&some[1], "router-1");
    turn();
    entities_watcher.on_gone(&some[1]);
    turn();
    cr_expect_eq(kept(), 1);
    entities_watcher.on_gone(&some[0]);
    turn();
    cr_expect_eq(kept(), 0);
}
