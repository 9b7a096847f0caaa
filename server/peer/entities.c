#include "server/peer/entities.h"

#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "server/log/log.h"
#include "server/peer/peer.h"

#include <stdlib.h>
#include <string.h>

enum entity_op { ENTITY_CLAIM, ENTITY_RELEASE, ENTITY_TAKEN };

struct entity_claim {
    struct map_node node;  /* while its session lives */
    struct list_link all;  /* likewise */
    struct list_link link; /* of those to post */
    uint64_t hash;
    uint32_t serial; /* of its shard */
    bool is_made;    /* the shard that keeps the identifier has been told */
    bool is_over;
    struct ip address;
};

/* An identifier that is taken. */
struct entity {
    struct map_node node;
    struct list_link all;
    uint64_t hash;
    uint32_t shard; /* whose claim it was */
    uint32_t serial;
};

/* What shards tell each other; it fits into a mail. */
struct entity_letter {
    uint32_t op; /* enum entity_op */
    uint32_t serial;
    uint64_t hash;
    struct ip address;
};
_Static_assert(sizeof(struct entity_letter) <= sizeof((struct mail *)NULL)->octets,
               "a mail has room for it");

static bool entity_is_equal(const struct map_node *node, const void *key)
{
    const struct entity *entity =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct entity, node);
    return entity->hash == *(const uint64_t *)key;
}

static bool entity_claim_is_equal(const struct map_node *node, const void *key)
{
    const struct entity_claim *claim =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct entity_claim, node);
    return ip_is_equal(&claim->address, key);
}

static uint64_t entity_hash_address(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

static struct entities *entities_of(const struct shard *shard)
{
    return &shard->peers->entities;
}

static struct entity_claim *claim_find(struct entities *entities, const struct ip *address)
{
    struct map_node *node = map_find(&entities->claims, entity_hash_address(address), address);
    return node == NULL ? NULL : CONTAINER_OF(node, struct entity_claim, node);
}

/* ---- the shard that keeps an identifier ---- */

static struct entity *entity_find(struct entities *entities, uint64_t hash)
{
    struct map_node *node = map_find(&entities->kept, hash, &hash);
    return node == NULL ? NULL : CONTAINER_OF(node, struct entity, node);
}

static void entity_keep(struct shard *shard, uint32_t from, const struct entity_letter *letter)
{
    struct entities *entities = entities_of(shard);
    struct entity *entity = calloc(1, sizeof *entity);
    if (entity != NULL) {
        *entity = (struct entity){.hash = letter->hash, .shard = from, .serial = letter->serial};
        if (map_insert(&entities->kept, &entity->node, letter->hash, &letter->hash) == PCE_OK) {
            list_push_back(&entities->all_kept, &entity->all);
            counter_add(&shard->counters.entities, 1);
            return;
        }
    }
    free(entity);
    counter_add(&shard->counters.entities_unkept, 1);
}

static void entity_on_release(struct shard *shard, uint32_t from,
                              const struct entity_letter *letter)
{
    struct entities *entities = entities_of(shard);
    struct entity *entity = entity_find(entities, letter->hash);
    if (entity == NULL || entity->shard != from || entity->serial != letter->serial)
        return;
    (void)map_remove(&entities->kept, letter->hash, &letter->hash);
    counter_subtract(&shard->counters.entities, 1);
    list_remove(&entity->all);
    free(entity);
}

/* ---- the shard of a session ---- */

/* RFC 8232 3.3.2 */
static void claim_on_taken(struct shard *shard, const struct entity_letter *letter)
{
    static struct log_site site = LOG_SITE(WARNING, "SPEAKER-ENTITY-ID is that of another session");
    struct entity_claim *claim = claim_find(entities_of(shard), &letter->address);
    struct peer *peer = peer_find(shard, &letter->address);
    struct pcep_fault fault = {0};
    struct log_line line;
    if (claim == NULL || claim->serial != letter->serial || peer == NULL)
        return;
    claim->is_made = false; /* there is nothing to give up */
    counter_add(&shard->counters.entities_refused, 1);
    if (log_begin(&line, &site)) {
        log_peer(&line, &letter->address, 0);
        log_end(&line);
    }
    pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_SPEAKER_ENTITY_ID_INVALID, 0,
                   "SPEAKER-ENTITY-ID of another session");
    session_send_error(&peer->session, &fault, shard->now);
    session_close(&peer->session, PCEP_CLOSE_NO_EXPLANATION, fault.reason, shard->now);
}

static bool entity_post(struct shard *shard, uint32_t to, const struct entity_letter *letter);

/* A claim that nobody is told of is one session too many, and no more. */
static void entity_on_claim(struct shard *shard, uint32_t from, const struct entity_letter *letter)
{
    const struct entity *entity = entity_find(entities_of(shard), letter->hash);
    struct entity_letter answer = *letter;
    if (entity == NULL) {
        entity_keep(shard, from, letter);
        return;
    }
    if (entity->shard == from && entity->serial == letter->serial)
        return;
    answer.op = ENTITY_TAKEN;
    if (!entity_post(shard, from, &answer))
        counter_add(&shard->counters.entities_unkept, 1);
}

static void entity_take(struct shard *shard, uint32_t from, const struct entity_letter *letter)
{
    switch ((enum entity_op)letter->op) {
    case ENTITY_CLAIM:
        entity_on_claim(shard, from, letter);
        break;
    case ENTITY_RELEASE:
        entity_on_release(shard, from, letter);
        break;
    case ENTITY_TAKEN:
        claim_on_taken(shard, letter);
        break;
    }
}

/* Mail to itself too: what is decided must not happen within the call that asks. */
static bool entity_post(struct shard *shard, uint32_t to, const struct entity_letter *letter)
{
    struct mail mail = {.kind = SHARD_MAIL_ENTITY, .from = shard->index};
    memcpy(mail.octets, letter, sizeof *letter);
    return mailbox_post(shard->shared->shards[to].mailbox, &mail, shard->ring) == PCE_OK;
}

/* False: not now. */
static bool claim_post(struct shard *shard, struct entity_claim *claim)
{
    const struct entity_letter letter = {.op = claim->is_over ? ENTITY_RELEASE : ENTITY_CLAIM,
                                         .serial = claim->serial,
                                         .hash = claim->hash,
                                         .address = claim->address};
    return entity_post(shard, (uint32_t)(claim->hash % shard->shared->shard_count), &letter);
}

static void claim_turn(struct shard *shard)
{
    LIST_FOR_SAFE(link, following, &entities_of(shard)->unposted)
    {
        struct entity_claim *claim = CONTAINER_OF(link, struct entity_claim, link);
        if (!claim_post(shard, claim))
            return;
        list_remove(&claim->link);
        claim->is_made = true;
        if (claim->is_over)
            free(claim);
    }
}

/* ---- sessions ---- */

static struct entity_claim *claim_create(struct entities *entities, const struct ip *address)
{
    struct entity_claim *claim = calloc(1, sizeof *claim);
    if (claim == NULL)
        return NULL;
    claim->address = *address;
    claim->serial = ++entities->last_serial;
    list_init(&claim->link);
    if (map_insert(&entities->claims, &claim->node, entity_hash_address(address), address) !=
        PCE_OK) {
        free(claim);
        return NULL;
    }
    list_push_back(&entities->all, &claim->all);
    return claim;
}

void entities_note(struct peer *peer, const struct pcep_object *open)
{
    struct shard *shard = peer->shard;
    const struct pcep_octets *id = pcep_find_tlv(open, PCEP_TLV_SPEAKER_ENTITY_ID);
    if (id == NULL || !peer->session.config->speaker_check)
        return;
    struct entity_claim *claim = claim_find(entities_of(shard), peer_address(peer));
    if (claim == NULL)
        claim = claim_create(entities_of(shard), peer_address(peer));
    if (claim == NULL)
        counter_add(&shard->counters.entities_unkept, 1);
    else
        claim->hash = map_hash(id->octets.octets, id->octets.size);
}

static void entity_on_up(struct peer *peer)
{
    struct entities *entities = entities_of(peer->shard);
    struct entity_claim *claim = claim_find(entities, peer_address(peer));
    if (claim != NULL)
        list_push_back(&entities->unposted, &claim->link);
}

static void entity_on_gone(struct peer *peer)
{
    struct entities *entities = entities_of(peer->shard);
    const struct ip address = *peer_address(peer);
    struct entity_claim *claim = claim_find(entities, &address);
    if (claim == NULL)
        return;
    (void)map_remove(&entities->claims, entity_hash_address(&address), &address);
    list_remove(&claim->all);
    list_remove(&claim->link);
    claim->is_over = true;
    if (claim->is_made)
        list_push_back(&entities->unposted, &claim->link);
    else
        free(claim);
}

const struct peer_watcher entities_watcher = {.on_up = entity_on_up, .on_gone = entity_on_gone};

/* ---- the part ---- */

static enum pce_status entities_init(struct shard *shard)
{
    struct entities *entities = entities_of(shard);
    map_init(&entities->claims, entity_claim_is_equal, SIZE_MAX);
    map_init(&entities->kept, entity_is_equal, SIZE_MAX);
    list_init(&entities->all);
    list_init(&entities->all_kept);
    list_init(&entities->unposted);
    return PCE_OK;
}

/* Nobody is told any more: the server ends. */
static void entities_fini(struct shard *shard)
{
    struct entities *entities = entities_of(shard);
    LIST_FOR_SAFE(link, following, &entities->unposted)
    {
        struct entity_claim *claim = CONTAINER_OF(link, struct entity_claim, link);
        list_remove(&claim->link);
        if (claim->is_over)
            free(claim);
    }
    LIST_FOR_SAFE(link, following, &entities->all)
    free(CONTAINER_OF(link, struct entity_claim, all));
    LIST_FOR_SAFE(link, following, &entities->all_kept)
    free(CONTAINER_OF(link, struct entity, all));
    map_fini(&entities->claims);
    map_fini(&entities->kept);
}

static void entities_on_mail(struct shard *shard, const struct mail *mail)
{
    struct entity_letter letter;
    memcpy(&letter, mail->octets, sizeof letter);
    shard_hold(shard);
    entity_take(shard, mail->from, &letter);
}

static bool entities_is_busy(const struct shard *shard)
{
    return !list_is_empty(&entities_of(shard)->unposted);
}

const struct shard_part entities_part = {
    .name = "entities",
    .init = entities_init,
    .mails = UINT32_C(1) << SHARD_MAIL_ENTITY,
    .on_mail = entities_on_mail,
    .on_turn = claim_turn,
    .is_busy = entities_is_busy,
    .fini = entities_fini,
};
