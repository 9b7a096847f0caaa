#include "server/shard/groups.h"

#include "core/reopt/group_side.h"
#include "server/log/log.h"
#include "server/shard/errands.h"
#include "server/shard/group_mail.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS_TICK_MS 20 /* what a mailbox had no room for is tried again */

struct groups_part {
    struct shard *shard;
    struct groups groups;
    struct group_side side;
    struct errands errands; /* of the groups */
    struct wheel_timer timer;
    bool has_more;
};

const struct groups *shard_groups(const struct shard *shard)
{
    return &shard->groups->groups;
}

/* ---- what is told ---- */

static void groups_log_name(struct log_line *line, const struct group_key *key)
{
    char text[IP_TEXT_SIZE];
    log_number(line, "type", key->type);
    log_number(line, "id", key->id);
    log_text(line, "source", ip_format(&key->source, text));
}

static void groups_on_state(void *owner, const struct group *group, enum group_state from)
{
    static struct log_site worse = LOG_SITE(WARNING, "a group of LSPs is not what it has to be");
    static struct log_site better = LOG_SITE(INFO, "a group of LSPs is what it has to be");
    struct log_line line;
    bool is_worse = group->state == GROUP_IS_BLOCKED || group->state == GROUP_IS_RELAXED;
    (void)owner;
    if ((!is_worse && group->state != GROUP_IS_MET) ||
        !log_begin(&line, is_worse ? &worse : &better))
        return;
    groups_log_name(&line, &group->key);
    log_text(&line, "kind", group_kind_text((enum group_kind)group->want.kind));
    log_number(&line, "lsps", group->count);
    log_text(&line, "state", group_state_text((enum group_state)group->state));
    log_text(&line, "before", group_state_text(from));
    if (group->why != NULL)
        log_text(&line, "why", group->why);
    log_end(&line);
}

static void groups_on_refused(void *owner, const struct lsp *lsp,
                              const struct group_verdict *verdict)
{
    static struct log_site site = LOG_SITE(WARNING, "an LSP cannot be in its group");
    const struct groups_part *part = owner;
    struct shard *shard = part->shard;
    struct pcep_fault fault = {0};
    struct log_line line;
    if (log_begin(&line, &site)) {
        char name[LSP_NAME_MAX + 1];
        memcpy(name, lsp->name, lsp->name_size);
        name[lsp->name_size] = '\0';
        log_peer(&line, &lsp->pcc->address, 0);
        log_text(&line, "name", name);
        groups_log_name(&line, &verdict->head.key);
        log_text(&line, "why", verdict->why == NULL ? "-" : verdict->why);
        log_end(&line);
    }
    if (verdict->error == PCEP_ERROR_NONE || shard->send_fault == NULL)
        return;
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, verdict->error, 0,
                   verdict->why == NULL ? "the group cannot be" : verdict->why);
    fault.id_kind = PCEP_ID_SRP;
    fault.id = lsp->srp_id;
    shard->send_fault(shard, &lsp->pcc->address, &fault);
}

/* ---- letters ---- */

static bool groups_post_letter(void *owner, uint32_t to, struct group_letter *letter)
{
    const struct groups_part *part = owner;
    struct shared *shared = part->shard->shared;
    struct mail mail = {.kind = SHARD_MAIL_GROUP, .from = part->shard->index};
    struct mailbox *mailbox = shared->shards[to].mailbox;
    mail.pointers[0] = letter;
    return group_mail_post(mailbox, &mail, part->shard->ring);
}

static void groups_on_mail(struct shard *shard, const struct mail *mail)
{
    struct groups_part *part = shard->groups;
    struct group_letter *letter = mail->pointers[0];
    if (mail->kind == SHARD_MAIL_COMPUTED_GROUP)
        errands_on_back(&part->errands, mail->pointers[0]);
    else if (letter->kind == GROUP_LETTER_VERDICT)
        group_side_take(&part->side, CONTAINER_OF(letter, struct group_verdict, head));
    else
        groups_take(&part->groups, letter, shard->now);
}

/* A letter is the first member of what it heads. */
static void groups_drop_mail(const struct mail *mail)
{
    if (mail->kind == SHARD_MAIL_GROUP)
        free(mail->pointers[0]); /* a computation is its table's */
}

/* ---- the part ---- */

static const struct group_side_ops side_ops = {.post = groups_post_letter,
                                               .on_refused = groups_on_refused};
static const struct groups_ops groups_ops = {.post = groups_post_letter,
                                             .on_state = groups_on_state};

/* The turn that follows does the work. */
static void groups_on_tick(struct wheel_timer *timer, struct mono now)
{
    (void)timer;
    (void)now;
}

static enum pce_status groups_part_init(struct shard *shard)
{
    struct groups_part *part = calloc(1, sizeof *part);
    if (part == NULL)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for groups of LSPs");
    part->shard = shard;
    wheel_timer_init(&part->timer, groups_on_tick);
    group_side_init(&part->side, &side_ops, part, &shard->reopt);
    part->side.shard = shard->index;
    part->side.shard_count = shard->shared->shard_count;
    groups_init(&part->groups, &groups_ops, part);
    shard->groups = part;
    if (shard_errands_init(shard, &part->errands, COMPUTATION_OF_GROUPS) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for groups of LSPs");
    part->groups.errands = part->errands.table == NULL ? NULL : &part->errands;
    return PCE_OK;
}

static void groups_part_fini(struct shard *shard)
{
    struct groups_part *part = shard->groups;
    if (part == NULL)
        return;
    wheel_stop(&shard->wheel, &part->timer);
    groups_fini(&part->groups);
    errands_fini(&part->errands);
    group_side_fini(&part->side);
    free(part);
    shard->groups = NULL;
}

static void groups_on_turn(struct shard *shard)
{
    struct groups_part *part = shard->groups;
    struct reopt_scene side = {
        .snapshot = shard->requests.snapshot, .now = shard->now, .work_left = REOPT_WORK_PER_TURN};
    struct groups_scene scene = {.snapshot = shard->requests.snapshot,
                                 .resolver = &shard->reopt.resolver,
                                 .reservations = shard->shared->reservations,
                                 .arena = &shard->arena,
                                 .settings = shard->reopt.settings,
                                 .now = shard->now,
                                 .work_left = REOPT_WORK_PER_TURN};
    part->groups.work_inline = shard->settings->config.limits.path_work_inline;
    part->has_more = false;
    if (shard->reopt.grouped.count + part->side.verdict_count == 0 &&
        part->groups.counters.groups == 0 && !errands_is_back(&part->errands))
        return;
    part->has_more = group_side_do(&part->side, &side);
    part->has_more = group_side_turn(&part->side, &side) || part->has_more;
    part->has_more = groups_turn(&part->groups, &scene) || part->has_more;
    bool has_left = shard->reopt.grouped.count + part->groups.counters.groups_waiting +
                        part->groups.counters.groups_heavy >
                    0;
    if (has_left && !part->has_more && !wheel_is_running(&part->timer))
        wheel_start(&shard->wheel, &part->timer, mono_add_ms(shard->now, GROUPS_TICK_MS));
}

static bool groups_is_busy(const struct shard *shard)
{
    return shard->groups->has_more;
}

static void groups_end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
    struct groups_part *part = shard->groups;
    struct group_counters *counted = &part->groups.counters;
    counted->groups_outdated = part->side.outdated;
    counted->groups_unposted += part->side.unposted;
    counted->groups_refused += part->side.refused;
    part->side.unposted = part->side.refused = 0;
#define COPY(member, help) counter_set(&counters->member, counted->member);
    GROUP_COUNTERS(COPY, COPY)
#undef COPY
}

const struct shard_part groups_part = {
    .name = "groups",
    .mails = UINT32_C(1) << SHARD_MAIL_GROUP | UINT32_C(1) << SHARD_MAIL_COMPUTED_GROUP,
    .init = groups_part_init,
    .on_mail = groups_on_mail,
    .drop_mail = groups_drop_mail,
    .on_turn = groups_on_turn,
    .is_busy = groups_is_busy,
    .end_turn = groups_end_turn,
    .fini = groups_part_fini,
};
