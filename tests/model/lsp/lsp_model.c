/* The database of LSPs against a naive map of them: random sessions, reports, end marks, ends and
 * time, a million of them; PCED_MODEL_OPERATIONS for another number.
 *
 * What the database removes over turns may be there or not at any moment meanwhile: the model marks
 * it, and looks which of the two it is. Everything else is compared exactly, after each operation.
 */
#include "core/base/check.h"
#include "core/lsp/lsp_association.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"
#include "tests/lib/lsp_reports.h"
#include "tests/lib/random.h"

#include <string.h>

enum { PCCS = 3, NAMES = 14, PLSP_IDS = 16, LSP_IDS = 11, GROUPS = 5, PER_PCC_MAX = 11 };
enum { LSPS_MAX = 26 };
enum { STALE_MS = 60000, STALE_S = STALE_MS / 1000 };

/* How far something is from being removed. */
enum fate { STAYS, MAY_GO, GOES };

struct model_instance {
    uint16_t lsp_id;
    uint16_t flags;
    uint32_t label;
    uint8_t setup_type;
    bool is_seen;
    enum fate fate;
};

struct model_group {
    bool is_in;
    bool is_seen;
    enum fate fate;
};

struct model_lsp {
    bool is_known;
    uint32_t plsp_id; /* 0: not bound in this session */
    uint32_t created_in;
    bool is_seen;
    bool is_delegated;
    enum fate fate;   /* it was not reported again */
    enum fate tidied; /* it was, but none of the instances that were is left */
    unsigned instance_count;
    struct model_instance instances[LSP_INSTANCES_MAX]; /* newest first */
    struct model_group groups[GROUPS];
};

struct model_pcc {
    bool is_up;
    bool is_running;
    bool may_update;
    uint32_t number;
    uint32_t broken;      /* first of the sessions in a row without an end mark; 0: none */
    uint64_t deadline_ms; /* 0: none */
    uint64_t went;        /* the how manieth end of a session its last one was */
    struct model_lsp lsps[NAMES];
};

static struct lsp_rig rig;
static struct model_pcc model[PCCS];
static uint64_t now_ms;
static uint64_t cursor = 1;
static uint64_t alive; /* LSPs, as the journal has them */
static uint64_t tallies[PCE_IO + 1];
static uint64_t ends; /* of sessions */

static const char *name_of(unsigned name)
{
    static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f", "g",
                                             "h", "i", "j", "k", "l", "m", "n"};
    return names[name];
}

static struct lsp_pcc *real_pcc(unsigned index)
{
    const struct ip address = lsp_rig_address((uint8_t)(index + 1));
    return lsp_db_pcc(&rig.db, &address);
}

static struct lsp *real_lsp(unsigned index, unsigned name)
{
    struct lsp_pcc *pcc = real_pcc(index);
    return pcc == NULL
               ? NULL
               : lsp_pcc_find_name(pcc, (struct wire_span){(const uint8_t *)name_of(name), 1});
}

/* ---- what is removed over turns ---- */

/* Nothing of an LSP is looked at any more, apart from the LSP itself: another epoch has begun. */
static void forget_parts(struct model_lsp *lsp, bool is_seen)
{
    for (unsigned i = 0; i < lsp->instance_count; i++) {
        lsp->instances[i].fate = STAYS;
        lsp->instances[i].is_seen = is_seen;
    }
    for (unsigned i = 0; i < GROUPS; i++) {
        lsp->groups[i].fate = STAYS;
        lsp->groups[i].is_seen = is_seen;
    }
    lsp->tidied = STAYS;
}

static void model_epoch(struct model_pcc *pcc)
{
    for (unsigned i = 0; i < NAMES; i++) {
        pcc->lsps[i].is_seen = false;
        forget_parts(&pcc->lsps[i], false);
    }
}

static void doom_parts(struct model_lsp *lsp, enum fate fate)
{
    for (unsigned i = 0; i < lsp->instance_count; i++) {
        if (!lsp->instances[i].is_seen)
            lsp->instances[i].fate = fate;
    }
    for (unsigned i = 0; i < GROUPS; i++) {
        if (!lsp->groups[i].is_seen)
            lsp->groups[i].fate = fate;
    }
}

static void model_purge(struct model_pcc *pcc)
{
    for (unsigned i = 0; i < NAMES; i++) {
        struct model_lsp *lsp = &pcc->lsps[i];
        bool has_seen = false;
        for (unsigned k = 0; k < lsp->instance_count; k++)
            has_seen |= lsp->instances[k].is_seen;
        if (!lsp->is_seen)
            lsp->fate = GOES;
        else
            doom_parts(lsp, GOES);
        if (lsp->is_seen && !has_seen)
            lsp->tidied = GOES;
    }
}

static bool has_instance(const struct lsp *lsp, uint16_t lsp_id)
{
    const struct lsp_instance *at = lsp->instances;
    while (at != NULL && at->lsp_id != lsp_id)
        at = at->next;
    return at != NULL;
}

static const struct lsp_membership *find_member(const struct lsp *lsp, uint16_t id)
{
    const struct lsp_membership *at = lsp->memberships;
    while (at != NULL && at->group->id != id)
        at = at->next;
    return at;
}

static void drop_instance(struct model_lsp *lsp, unsigned index)
{
    lsp->instance_count--;
    memmove(&lsp->instances[index], &lsp->instances[index + 1],
            (lsp->instance_count - index) * sizeof lsp->instances[0]);
}

/* What may be gone, and is. */
static void follow_lsp(struct model_lsp *lsp, const struct lsp *real)
{
    if (real == NULL && (lsp->fate != STAYS || lsp->tidied != STAYS)) {
        *lsp = (struct model_lsp){.is_known = false};
        return;
    }
    if (real == NULL)
        return; /* compare says so */
    for (unsigned i = lsp->instance_count; i-- > 0;) {
        if (lsp->instances[i].fate != STAYS && !has_instance(real, lsp->instances[i].lsp_id))
            drop_instance(lsp, i);
    }
    for (unsigned i = 0; i < GROUPS; i++) {
        if (lsp->groups[i].fate != STAYS && find_member(real, (uint16_t)i) == NULL)
            lsp->groups[i] = (struct model_group){.is_in = false};
    }
}

static void follow(unsigned index)
{
    struct model_pcc *pcc = &model[index];
    for (unsigned i = 0; i < NAMES; i++) {
        if (pcc->lsps[i].is_known)
            follow_lsp(&pcc->lsps[i], real_lsp(index, i));
    }
    if (real_pcc(index) != NULL)
        return;
    CHECK(!pcc->is_up);
    for (unsigned i = 0; i < NAMES; i++)
        CHECK(!pcc->lsps[i].is_known);
    *pcc = (struct model_pcc){.is_up = false};
}

/* Nothing is left to remove. */
static void settle(struct model_pcc *pcc)
{
    for (unsigned i = 0; i < NAMES; i++) {
        struct model_lsp *lsp = &pcc->lsps[i];
        CHECK(!lsp->is_known || (lsp->fate != GOES && lsp->tidied != GOES));
        lsp->tidied = STAYS;
        for (unsigned k = 0; k < lsp->instance_count; k++) {
            CHECK(lsp->instances[k].fate != GOES);
            lsp->instances[k].fate = STAYS;
        }
        for (unsigned k = 0; k < GROUPS; k++) {
            CHECK(!lsp->groups[k].is_in || lsp->groups[k].fate != GOES);
            lsp->groups[k].fate = STAYS;
        }
    }
}

/* ---- comparison ---- */

static void compare_instances(const struct model_lsp *lsp, const struct lsp *real)
{
    const struct lsp_instance *at = real->instances;
    for (unsigned i = 0; i < lsp->instance_count; i++, at = at->next) {
        CHECK(at != NULL && at->lsp_id == lsp->instances[i].lsp_id);
        CHECK(at->summary.flags == lsp->instances[i].flags);
        const uint8_t *sid = at->octets + at->summary.path_at + 8;
        CHECK(field_load_u32(sid) >> 12 == lsp->instances[i].label);
    }
    CHECK(at == NULL);
}

static void compare_lsp(const struct model_pcc *pcc, const struct model_lsp *lsp,
                        const struct lsp *real)
{
    CHECK(lsp->is_known == (real != NULL));
    if (real == NULL)
        return;
    CHECK(lsp_is_bound(real) == (lsp->plsp_id != 0));
    CHECK(!lsp_is_bound(real) || real->plsp_id == lsp->plsp_id);
    CHECK(lsp_is_stale(real) == !(pcc->is_up && lsp->is_seen));
    CHECK((real->delegation == LSP_IS_DELEGATED) == lsp->is_delegated);
    CHECK(real->created_in == lsp->created_in);
    compare_instances(lsp, real);
    for (unsigned i = 0; i < GROUPS; i++)
        CHECK(lsp->groups[i].is_in == (find_member(real, (uint16_t)i) != NULL));
}

static void read_journal(void)
{
    struct journal_record record;
    uint64_t missed;
    enum pce_status status;
    while ((status = journal_read(&rig.db.journal, &cursor, &record, &missed)) == PCE_OK) {
        alive += record.change == LSP_CREATED;
        alive -= record.change == LSP_REMOVED;
    }
    CHECK(status == PCE_AGAIN && alive == rig.db.counters.lsps);
}

static void compare(unsigned index)
{
    follow(index);
    const struct model_pcc *pcc = &model[index];
    for (unsigned i = 0; i < NAMES; i++)
        compare_lsp(pcc, &pcc->lsps[i], real_lsp(index, i));
}

/* ---- reports ---- */

static struct model_lsp *model_find(struct model_pcc *pcc, uint32_t plsp_id)
{
    for (unsigned i = 0; i < NAMES; i++) {
        if (pcc->lsps[i].is_known && pcc->lsps[i].plsp_id == plsp_id)
            return &pcc->lsps[i];
    }
    return NULL;
}

static int instance_place(const struct model_lsp *lsp, uint16_t lsp_id)
{
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < lsp->instance_count; i++) {
            if (lsp->instances[i].lsp_id == (pass == 0 ? lsp_id : 0))
                return (int)i;
        }
    }
    return -1;
}

static unsigned known_of(const struct model_pcc *pcc)
{
    unsigned known = 0;
    for (unsigned i = 0; i < NAMES; i++)
        known += pcc->lsps[i].is_known;
    return known;
}

static bool has_stale(const struct model_pcc *pcc)
{
    for (unsigned i = 0; i < NAMES; i++) {
        if (pcc->lsps[i].is_known && !pcc->lsps[i].is_seen)
            return true;
    }
    return false;
}

/* The PCC without a session whose LSPs give way; NULL: there is none. */
static struct model_pcc *first_gone(void)
{
    struct model_pcc *first = NULL;
    for (unsigned i = 0; i < PCCS; i++) {
        if (!model[i].is_up && known_of(&model[i]) > 0 &&
            (first == NULL || model[i].went < first->went))
            first = &model[i];
    }
    return first;
}

static bool is_full(const struct model_pcc *pcc)
{
    unsigned known = 0;
    for (unsigned i = 0; i < PCCS; i++)
        known += known_of(&model[i]);
    return known_of(pcc) >= PER_PCC_MAX || known >= LSPS_MAX;
}

/* What the model says of a report, and the LSP that it is of; NULL: a new one, or none. */
static enum pce_status judge(struct model_pcc *pcc, const struct lsp_report_spec *spec, int name,
                             struct model_lsp **found)
{
    const bool is_removal = (spec->flags & PCEP_LSP_R) != 0 || (spec->srp_flags & PCEP_SRP_R) != 0;
    *found = NULL;
    if (spec->plsp_id == 0 || spec->plsp_id == PCEP_PLSP_ID_MAX)
        return PCE_INVALID;
    struct model_lsp *lsp = model_find(pcc, spec->plsp_id);
    if (lsp != NULL && name >= 0 && lsp != &pcc->lsps[name])
        return PCE_INVALID;
    if (lsp == NULL && name >= 0 && pcc->lsps[name].is_known) {
        lsp = &pcc->lsps[name];
        if (lsp->plsp_id != 0 && !is_removal)
            return PCE_INVALID;
        if (lsp->plsp_id != 0)
            lsp = NULL;
    } else if (lsp == NULL && name < 0) {
        return is_removal ? PCE_OK : PCE_INVALID;
    }
    *found = lsp;
    if (is_removal)
        return PCE_OK;
    if (lsp != NULL && instance_place(lsp, spec->lsp_id) < 0 &&
        lsp->instance_count == LSP_INSTANCES_MAX)
        return PCE_INVALID;
    if (lsp != NULL || !is_full(pcc) || has_stale(pcc))
        return PCE_OK;
    return known_of(pcc) < PER_PCC_MAX && first_gone() != NULL ? PCE_OK : PCE_LIMIT;
}

/* Where all that is left is to be removed the LSP is, too. */
static void tidy_off(struct model_lsp *lsp)
{
    enum fate least = GOES;
    for (unsigned i = 0; i < lsp->instance_count; i++) {
        if (lsp->instances[i].fate < least)
            least = lsp->instances[i].fate;
    }
    lsp->tidied = least;
}

static void model_remove(struct model_lsp *lsp, const struct lsp_report_spec *spec)
{
    const bool removes_all = (spec->srp_flags & PCEP_SRP_R) != 0 || spec->lsp_id == 0;
    for (unsigned i = 0; i < lsp->instance_count && !removes_all; i++) {
        if (lsp->instances[i].lsp_id != spec->lsp_id)
            continue;
        if (lsp->instance_count == 1)
            break;
        drop_instance(lsp, i);
        tidy_off(lsp);
        return;
    }
    bool is_named = removes_all;
    for (unsigned i = 0; i < lsp->instance_count; i++)
        is_named |= lsp->instances[i].lsp_id == spec->lsp_id;
    /* An LSP-ID means something with RSVP-TE alone. */
    is_named |= spec->setup_type != 0 || lsp->instances[0].setup_type != 0;
    if (is_named)
        *lsp = (struct model_lsp){.is_known = false};
}

/* How many of a PCC's LSPs are gone for a new one of another, or of its own. */
static unsigned take_gone(unsigned index)
{
    struct model_pcc *pcc = &model[index];
    unsigned gone = 0;
    for (unsigned i = 0; i < NAMES; i++) {
        struct model_lsp *lsp = &pcc->lsps[i];
        if (!lsp->is_known || (pcc->is_up && lsp->is_seen) || real_lsp(index, i) != NULL)
            continue;
        *lsp = (struct model_lsp){.is_known = false};
        gone++;
    }
    return gone;
}

/* A new LSP at a limit has taken the place of one that was stale: its PCC's own, or one of the PCC
 * that went first. */
static void model_give_way(unsigned index)
{
    const struct model_pcc *from =
        !is_full(&model[index]) ? NULL : (has_stale(&model[index]) ? &model[index] : first_gone());
    for (unsigned i = 0; i < PCCS; i++)
        CHECK(take_gone(i) == (&model[i] == from));
}

static bool is_listed(const struct lsp_report_spec *spec, uint16_t id)
{
    for (uint32_t i = 0; i < spec->group_count; i++) {
        if (spec->groups[i].id == id && !spec->groups[i].is_removed)
            return true;
    }
    return false;
}

/* What a report puts an LSP into it does not take it out of. */
static void model_groups(struct model_lsp *lsp, const struct lsp_report_spec *spec)
{
    for (uint32_t i = 0; i < spec->group_count; i++) {
        const bool is_in = is_listed(spec, spec->groups[i].id);
        lsp->groups[spec->groups[i].id] = (struct model_group){.is_in = is_in, .is_seen = is_in};
    }
}

static void model_state(struct model_pcc *pcc, struct model_lsp *lsp,
                        const struct lsp_report_spec *spec)
{
    const struct model_instance instance = {.lsp_id = spec->lsp_id,
                                            .flags = spec->flags & (uint16_t)~PCEP_LSP_S,
                                            .label = spec->segments[0],
                                            .setup_type = spec->setup_type,
                                            .is_seen = true};
    if (!lsp->is_known)
        *lsp = (struct model_lsp){.is_known = true, .created_in = pcc->number};
    int place = instance_place(lsp, spec->lsp_id);
    if (place < 0) {
        memmove(&lsp->instances[1], &lsp->instances[0],
                lsp->instance_count * sizeof lsp->instances[0]);
        lsp->instance_count++;
        place = 0;
    }
    lsp->instances[place] = instance;
    lsp->plsp_id = spec->plsp_id;
    lsp->is_delegated = pcc->may_update && (spec->flags & PCEP_LSP_D) != 0;
    model_groups(lsp, spec);
    /* One that was to go, and is here again: what else it has may still go. */
    if (lsp->fate != STAYS)
        doom_parts(lsp, MAY_GO);
    lsp->fate = STAYS;
    lsp->tidied = STAYS;
    lsp->is_seen = true;
}

static void report(struct random *random, unsigned index)
{
    static const unsigned states[] = {PCEP_LSP_DOWN, PCEP_LSP_UP, PCEP_LSP_ACTIVE,
                                      PCEP_LSP_GOING_UP};
    struct model_pcc *pcc = &model[index];
    struct lsp_report_group groups[2];
    const int name = test_random_below(random, 4) == 0 ? -1 : (int)test_random_below(random, NAMES);
    struct lsp_report_spec spec = {
        .plsp_id = (uint32_t)test_random_below(random, PLSP_IDS),
        .name = name < 0 ? NULL : name_of((unsigned)name),
        .flags = (uint16_t)(states[test_random_below(random, 4)] << PCEP_LSP_O_SHIFT),
        .has_identifiers = test_random_below(random, 2) == 0,
        .has_srp = true,
        .setup_type = (uint8_t)test_random_below(random, 2),
        .segments = {(uint32_t)(16000 + test_random_below(random, 3))},
        .groups = groups,
        .group_count = (uint32_t)test_random_below(random, 3),
    };
    /* Mostly the PLSP-ID that goes with the name, or contradictions would be all there is. */
    if (name >= 0 && test_random_below(random, 8) != 0)
        spec.plsp_id = (uint32_t)name + 1;
    if (test_random_below(random, 200) == 0)
        spec.plsp_id = PCEP_PLSP_ID_MAX;
    spec.flags |= test_random_below(random, 3) == 0 ? PCEP_LSP_D : 0;
    spec.flags |= test_random_below(random, 6) == 0 ? PCEP_LSP_R : 0;
    spec.flags |= pcc->is_running ? PCEP_LSP_S : 0;
    spec.srp_flags = test_random_below(random, 40) == 0 ? PCEP_SRP_R : 0;
    spec.lsp_id = spec.has_identifiers ? (uint16_t)test_random_below(random, LSP_IDS) : 0;
    spec.endpoint = 1;
    for (uint32_t i = 0; i < spec.group_count; i++)
        groups[i] = (struct lsp_report_group){.type = 2,
                                              .id = (uint16_t)test_random_below(random, GROUPS),
                                              .source = 1,
                                              .is_removed = test_random_below(random, 3) == 0};
    struct model_lsp *lsp;
    const enum pce_status expected = judge(pcc, &spec, name, &lsp);
    const enum pce_status status = lsp_rig_report(&rig, real_pcc(index), &spec);
    CHECK(status == expected);
    tallies[status]++;
    if (status != PCE_OK)
        return;
    const bool is_removal = (spec.flags & PCEP_LSP_R) != 0 || spec.srp_flags != 0;
    if (!is_removal && lsp == NULL)
        model_give_way(index);
    if (!is_removal)
        model_state(pcc, lsp == NULL ? &pcc->lsps[name] : lsp, &spec);
    else if (lsp != NULL)
        model_remove(lsp, &spec);
}

/* ---- sessions and time ---- */

static void session_up(struct random *random, unsigned index)
{
    struct model_pcc *pcc = &model[index];
    pcc->may_update = test_random_below(random, 4) != 0;
    CHECK(lsp_rig_up(&rig, (uint8_t)(index + 1), pcc->may_update) != NULL);
    pcc->is_up = true;
    pcc->is_running = true;
    pcc->number++;
    model_epoch(pcc);
    for (unsigned i = 0; i < NAMES; i++)
        pcc->lsps[i].plsp_id = 0;
}

static void session_down(unsigned index)
{
    struct model_pcc *pcc = &model[index];
    lsp_db_on_down(&rig.db, real_pcc(index), rig.now);
    pcc->is_up = false;
    pcc->went = ++ends;
    if (pcc->deadline_ms == 0)
        pcc->deadline_ms = now_ms + STALE_MS;
    if (!pcc->is_running)
        return;
    pcc->is_running = false;
    if (pcc->broken == 0)
        pcc->broken = pcc->number;
    model_epoch(pcc);
    for (unsigned i = 0; i < NAMES; i++) {
        if (pcc->lsps[i].created_in >= pcc->broken)
            pcc->lsps[i].fate = GOES;
    }
}

static void end_mark(unsigned index)
{
    struct model_pcc *pcc = &model[index];
    CHECK(lsp_db_on_end_of_sync(&rig.db, real_pcc(index), rig.now) == pcc->is_running);
    if (!pcc->is_running)
        return;
    pcc->is_running = false;
    pcc->broken = 0;
    pcc->deadline_ms = 0;
    model_purge(pcc);
}

static void pass(uint64_t ms)
{
    now_ms += ms;
    rig.now = mono_add_ms(rig.now, ms);
    (void)wheel_turn(&rig.wheel, rig.now);
    for (unsigned i = 0; i < PCCS; i++) {
        struct model_pcc *pcc = &model[i];
        if (pcc->deadline_ms == 0 || pcc->deadline_ms > now_ms)
            continue;
        pcc->deadline_ms = 0;
        if (!pcc->is_up)
            model_epoch(pcc);
        model_purge(pcc);
    }
}

static void turn(bool is_whole)
{
    while (lsp_db_turn(&rig.db, rig.now) && is_whole)
        continue;
    for (unsigned i = 0; i < PCCS; i++) {
        follow(i);
        if (!lsp_db_has_work(&rig.db)) {
            settle(&model[i]);
            model[i].broken = 0;
        }
    }
}

static void step(struct random *random)
{
    const unsigned index = (unsigned)test_random_below(random, PCCS);
    const unsigned what = (unsigned)test_random_below(random, 1000);
    if (what < 20)
        turn(what < 10);
    else if (what < 24)
        pass(test_random_below(random, STALE_MS));
    else if (!model[index].is_up)
        session_up(random, index);
    else if (what < 40)
        end_mark(index);
    else if (what < 50)
        session_down(index);
    else
        report(random, index);
    for (unsigned i = 0; i < PCCS; i++)
        follow(i);
    compare(index);
    read_journal();
}

int main(void)
{
    const struct lsp_limits limits = {.lsps_max = LSPS_MAX,
                                      .octets_max = UINT64_MAX,
                                      .lsps_per_pcc_max = PER_PCC_MAX,
                                      .stale_s = STALE_S,
                                      .record_max = 4096};
    struct random random = test_random_init("lsp_model", 1);
    const uint64_t operations = test_env_u64("PCED_MODEL_OPERATIONS", 1000000);
    lsp_rig_init(&rig, &limits);
    rig.db.purge_per_turn = 3; /* so that most is met half done */
    for (uint64_t i = 0; i < operations; i++) {
        step(&random);
#ifdef PCED_VALIDATE
        if (i % 64 == 0)
            (void)lsp_db_validate(&rig.db);
#endif
    }
    turn(true);
    printf("%llu operations: %llu reports taken, %llu refused, %llu past the limit; %llu LSPs "
           "made, %llu purged, %llu gave way to those of others\n",
           (unsigned long long)operations, (unsigned long long)tallies[PCE_OK],
           (unsigned long long)tallies[PCE_INVALID], (unsigned long long)tallies[PCE_LIMIT],
           (unsigned long long)rig.db.counters.lsps_created,
           (unsigned long long)rig.db.counters.lsps_purged,
           (unsigned long long)rig.db.counters.lsps_gone_gave_way);
    CHECK(tallies[PCE_OK] > operations / 8 && tallies[PCE_INVALID] > operations / 100);
    CHECK(rig.db.counters.lsps_purged > operations / 1000 && tallies[PCE_LIMIT] > 0);
    CHECK(rig.db.counters.lsps_gave_way > 0 && rig.db.counters.lsps_gone_gave_way > 0);
    lsp_rig_fini(&rig);
    return 0;
}
