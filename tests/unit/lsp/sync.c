/* Sessions, synchronisation, and what is stale (RFC 8231 5.6). */
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct lsp_rig rig;
static struct lsp_pcc *pcc;

static const struct lsp_limits limits = {.lsps_max = 10000,
                                         .octets_max = UINT64_MAX,
                                         .lsps_per_pcc_max = 10000,
                                         .stale_s = 600,
                                         .record_max = 64};

static void set_up(void)
{
    lsp_rig_init(&rig, &limits);
    pcc = lsp_rig_up(&rig, 1, true);
    cr_assert_not_null(pcc);
}

static void tear_down(void)
{
    lsp_rig_fini(&rig);
}

TestSuite(sync, .init = set_up, .fini = tear_down, .timeout = 60);

#define UP (PCEP_LSP_A | PCEP_LSP_UP << PCEP_LSP_O_SHIFT)

static enum pce_status take(uint32_t plsp_id, const char *name)
{
    const struct lsp_report_spec spec = {.plsp_id = plsp_id, .name = name, .flags = UP};
    return lsp_rig_report(&rig, pcc, &spec);
}

static struct lsp *find(const char *name)
{
    struct lsp_pcc *known =
        lsp_db_pcc(&rig.db, &(struct ip){.family = IP_V4, .octets = {192, 0, 2, 1}});
    return known == NULL
               ? NULL
               : lsp_pcc_find_name(known, (struct wire_span){(const uint8_t *)name, strlen(name)});
}

static void end_mark(void)
{
    cr_assert(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    lsp_rig_finish(&rig);
}

static void restart(void)
{
    lsp_db_on_down(&rig.db, pcc, rig.now);
    pcc = lsp_rig_up(&rig, 1, true);
    cr_assert_not_null(pcc);
}

Test(sync, what_is_not_reported_again_is_purged_at_the_end_mark)
{
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    cr_assert_eq(take(3, "c"), PCE_OK);
    end_mark();
    cr_expect_eq(rig.db.counters.lsps, 3);
    struct lsp *b = find("b");
    cr_assert_not_null(b);
    restart();
    cr_expect_eq(rig.db.counters.lsps_stale, 3);
    cr_expect(lsp_is_stale(b));
    cr_expect_not(lsp_is_bound(b), "a PLSP-ID is of one session");
    cr_expect_null(lsp_pcc_find_plsp_id(pcc, 2));
    /* By another PLSP-ID: the name is what remains. */
    cr_assert_eq(take(1, "b"), PCE_OK);
    cr_expect_eq(find("b"), b);
    cr_expect_not(lsp_is_stale(b));
    cr_expect_eq(b->plsp_id, 1);
    cr_expect_eq(rig.db.counters.lsps_stale, 2);
    end_mark();
    cr_expect_eq(rig.db.counters.lsps, 1);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
    cr_expect_eq(rig.db.counters.lsps_purged, 2);
    cr_expect_eq(find("b"), b);
    cr_expect_null(find("a"));
}

Test(sync, what_is_stale_gives_way_to_what_is_reported_at_the_limit)
{
    rig.db.limits.lsps_per_pcc_max = 2;
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    cr_expect_eq(take(3, "c"), PCE_LIMIT);
    end_mark();
    restart();
    cr_assert_eq(take(2, "b"), PCE_OK);
    cr_assert_eq(take(1, "c"), PCE_OK);
    cr_expect_null(find("a"));
    cr_expect_not_null(find("b"));
    cr_expect_eq(take(3, "d"), PCE_LIMIT);
    cr_expect_eq(rig.db.counters.lsps_gave_way, 1);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
}

Test(sync, one_new_lsp_takes_the_place_of_so_many_stale_ones_at_most)
{
    for (uint32_t i = 1; i <= LSP_GIVE_WAY_MAX + 2; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%u", i);
        cr_assert_eq(take(i, name), PCE_OK);
    }
    end_mark();
    restart();
    rig.db.limits.lsps_per_pcc_max = 2;
    cr_expect_eq(take(1, "new"), PCE_LIMIT);
    cr_expect_eq(rig.db.counters.lsps_gave_way, LSP_GIVE_WAY_MAX);
    cr_expect_eq(take(1, "new"), PCE_OK);
}

static enum pce_status take_of(struct lsp_pcc *of, uint32_t plsp_id, const char *name)
{
    const struct lsp_report_spec spec = {.plsp_id = plsp_id, .name = name, .flags = UP};
    return lsp_rig_report(&rig, of, &spec);
}

static struct lsp_pcc *other_pcc(uint8_t number)
{
    const struct ip address = lsp_rig_address(number);
    return lsp_db_pcc(&rig.db, &address);
}

/* PCCs 2 and 3 have gone, in this order, with two LSPs each. */
static void two_have_gone(void)
{
    for (uint8_t i = 2; i <= 3; i++) {
        struct lsp_pcc *other = lsp_rig_up(&rig, i, true);
        cr_assert_eq(take_of(other, 1, "a"), PCE_OK);
        cr_assert_eq(take_of(other, 2, "b"), PCE_OK);
        cr_assert(lsp_db_on_end_of_sync(&rig.db, other, rig.now));
        lsp_db_on_down(&rig.db, other, rig.now);
    }
    lsp_rig_finish(&rig);
    cr_assert_eq(rig.db.counters.lsps_gone, 4);
}

Test(sync, no_pcc_is_refused_for_lsps_of_one_that_is_gone)
{
    two_have_gone();
    rig.db.limits.lsps_max = 4;
    cr_assert_eq(take(1, "x"), PCE_OK);
    cr_expect_eq(other_pcc(2)->count, 1, "the one that went first gives way");
    cr_expect_eq(lsp_pcc_find_name(other_pcc(2), (struct wire_span){(const uint8_t *)"a", 1}), NULL,
                 "what was seen longest ago goes first");
    cr_assert_eq(take(2, "y"), PCE_OK);
    cr_expect_null(other_pcc(2));
    cr_assert_eq(take(3, "z"), PCE_OK);
    cr_assert_eq(take(4, "w"), PCE_OK);
    cr_expect_eq(rig.db.counters.lsps_gone, 0);
    cr_expect_eq(rig.db.counters.lsp_octets_gone, 0);
    cr_expect_eq(rig.db.counters.lsps_gone_gave_way, 4);
    cr_expect_eq(take(5, "v"), PCE_LIMIT);
    cr_expect_eq(rig.limit, LSP_LIMIT_LSPS);
}

Test(sync, memory_of_what_is_gone_is_there_for_others)
{
    two_have_gone();
    rig.db.limits.octets_max = rig.db.counters.lsp_octets;
    cr_assert_eq(take(1, "x"), PCE_OK);
    const struct lsp_report_spec larger = {
        .plsp_id = 1, .name = "x", .flags = UP, .segments = {16001, 16002}};
    cr_assert_eq(lsp_rig_report(&rig, pcc, &larger), PCE_OK, "a change is none to refuse either");
    cr_expect(rig.db.counters.lsp_octets <= rig.db.limits.octets_max);
    cr_expect(rig.db.counters.lsps_gone_gave_way >= 2);
}

Test(sync, a_pcc_that_is_back_gives_way_to_nobody)
{
    two_have_gone();
    rig.db.limits.lsps_max = 4;
    cr_assert_not_null(lsp_rig_up(&rig, 2, true));
    cr_assert_not_null(lsp_rig_up(&rig, 3, true));
    cr_expect_eq(rig.db.counters.lsps_gone, 0);
    cr_expect_eq(take(1, "x"), PCE_LIMIT);
    cr_expect_eq(rig.db.counters.lsps, 4);
}

/* Its owner tells the other shards, which do what the next test has. */
Test(sync, what_is_gone_in_other_shards_is_not_in_the_way)
{
    rig.db.limits.lsps_max = 4;
    rig.db.limits.lsps_elsewhere = 4;
    cr_expect_eq(take(1, "x"), PCE_LIMIT);
    rig.db.limits.lsps_gone_elsewhere = 1;
    cr_expect_eq(take(1, "x"), PCE_OK);
    cr_expect_eq(take(2, "y"), PCE_LIMIT);
}

Test(sync, what_is_gone_goes_when_other_shards_need_its_place)
{
    two_have_gone();
    rig.db.limits.lsps_max = 10;
    rig.db.limits.lsps_elsewhere = 6;
    cr_expect_not(lsp_db_has_work(&rig.db));
    rig.db.limits.lsps_elsewhere = 9;
    rig.db.purge_per_turn = 2;
    cr_expect(lsp_db_has_work(&rig.db));
    cr_expect(lsp_db_turn(&rig.db, rig.now));
    cr_expect_eq(rig.db.counters.lsps_gone, 2);
    cr_expect_not(lsp_db_turn(&rig.db, rig.now));
    cr_expect_eq(rig.db.counters.lsps, 1);
    cr_expect_eq(rig.db.counters.lsps_gone_gave_way, 3);
}

Test(sync, there_is_one_end_mark_in_a_session)
{
    end_mark();
    cr_expect_not(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    cr_expect_eq(rig.db.counters.lsp_syncs, 1);
    restart();
    end_mark();
    cr_expect_eq(rig.db.counters.lsp_syncs, 2);
}

Test(sync, a_session_that_dies_before_its_end_mark_leaves_what_was_there_before)
{
    cr_assert_eq(take(1, "old"), PCE_OK);
    end_mark();
    restart();
    cr_assert_eq(take(1, "old"), PCE_OK);
    cr_assert_eq(take(2, "new"), PCE_OK);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    lsp_rig_finish(&rig);
    cr_expect_null(find("new"));
    cr_assert_not_null(find("old"));
    cr_expect(lsp_is_stale(find("old")));
    cr_expect_eq(rig.db.counters.lsps_stale, 1);
    cr_expect_eq(rig.db.counters.lsp_syncs_broken, 1);
}

/* The purge goes on over turns; the PCC is back before it has ended. */
Test(sync, what_comes_again_at_once_is_not_purged)
{
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    restart();
    cr_assert_eq(take(9, "b"), PCE_OK);
    lsp_rig_finish(&rig);
    cr_expect_null(find("a"), "only the session that broke had brought it");
    cr_assert_not_null(find("b"));
    cr_expect_not(lsp_is_stale(find("b")));
}

Test(sync, a_pcc_that_never_had_an_lsp_is_forgotten)
{
    end_mark();
    cr_expect_eq(rig.db.counters.lsp_pccs, 1);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    cr_expect_eq(rig.db.counters.lsp_pccs, 0);
}

Test(sync, stale_lsps_are_kept_for_a_time)
{
    cr_assert_eq(take(1, "a"), PCE_OK);
    end_mark();
    lsp_db_on_down(&rig.db, pcc, rig.now);
    cr_expect_eq(rig.db.counters.lsps_stale, 1);
    lsp_rig_pass(&rig, 599999);
    cr_expect_not_null(find("a"));
    lsp_rig_pass(&rig, 1);
    cr_expect_null(find("a"));
    cr_expect_eq(rig.db.counters.lsps_purged, 1);
    cr_expect_eq(rig.db.counters.lsp_pccs, 0);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
}

Test(sync, a_synchronisation_without_an_end_has_a_time_too)
{
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    end_mark();
    restart();
    cr_assert_eq(take(1, "a"), PCE_OK);
    lsp_rig_pass(&rig, 599999);
    cr_expect_not_null(find("b"));
    lsp_rig_pass(&rig, 1);
    cr_expect_null(find("b"));
    cr_expect_not_null(find("a"));
    cr_expect_eq(pcc->sync, LSP_SYNC_RUNNING);
    lsp_rig_pass(&rig, 6000000);
    cr_expect_not_null(find("a"), "what the session has brought stays");
}

Test(sync, instances_and_groups_that_are_not_reported_again_go)
{
    static const struct lsp_report_group groups[] = {{.type = 2, .id = 1, .source = 1},
                                                     {.type = 2, .id = 2, .source = 1}};
    struct lsp_report_spec spec = {.plsp_id = 1,
                                   .name = "a",
                                   .flags = UP,
                                   .has_identifiers = true,
                                   .endpoint = 1,
                                   .lsp_id = 1,
                                   .groups = groups,
                                   .group_count = 2};
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    spec.lsp_id = 2;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    end_mark();
    cr_expect_eq(rig.db.counters.lsp_instances, 2);
    restart();
    spec.group_count = 1;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_instances, 2);
    end_mark();
    cr_expect_eq(rig.db.counters.lsp_instances, 1);
    cr_expect_eq(find("a")->instances->lsp_id, 2);
    cr_expect_eq(rig.db.counters.lsp_groups, 1);
}

/* Reported, and the one instance that was reported removed again, before the end mark. */
Test(sync, an_lsp_whose_reported_instance_was_removed_goes_with_the_others)
{
    struct lsp_report_spec spec = {.plsp_id = 1,
                                   .name = "a",
                                   .flags = UP,
                                   .has_identifiers = true,
                                   .endpoint = 1,
                                   .lsp_id = 1};
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    spec.lsp_id = 2;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    end_mark();
    restart();
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    spec.flags |= PCEP_LSP_R;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    cr_expect_not_null(find("a"));
    end_mark();
    cr_expect_null(find("a"));
}

Test(sync, removing_many_goes_on_over_turns)
{
    char name[16];
    for (uint32_t i = 1; i <= 3 * LSP_PURGE_PER_TURN; i++) {
        (void)snprintf(name, sizeof name, "%u", i);
        cr_assert_eq(take(i, name), PCE_OK);
    }
    end_mark();
    restart();
    cr_assert(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    cr_expect(lsp_db_turn(&rig.db, rig.now));
    cr_expect_eq(rig.db.counters.lsps, 2 * LSP_PURGE_PER_TURN);
    /* What is reported meanwhile is not what is purged, whatever stands next. */
    for (uint32_t i = LSP_PURGE_PER_TURN + 1; i <= LSP_PURGE_PER_TURN + 3; i++) {
        (void)snprintf(name, sizeof name, "%u", i);
        cr_assert_eq(take(i, name), PCE_OK);
    }
    lsp_rig_finish(&rig);
    cr_expect_eq(rig.db.counters.lsps, 3);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
}

Test(sync, walks_over_all_lsps_find_each_once)
{
    char name[16];
    for (uint32_t i = 1; i <= 3000; i++) {
        (void)snprintf(name, sizeof name, "%u", i);
        cr_assert_eq(take(i, name), PCE_OK);
    }
    for (uint32_t i = 1; i <= 1100; i++) {
        const struct lsp_report_spec spec = {.plsp_id = i, .flags = PCEP_LSP_R};
        cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    }
    uint32_t slot = 0;
    uint32_t count = 0;
    for (const struct lsp *lsp; (lsp = lsp_db_next(&rig.db, &slot)) != NULL; count++)
        cr_assert_eq(lsp->slot + 1, slot);
    cr_expect_eq(count, 1900);
}

/* ---- versions (RFC 8232) ---- */

static const struct lsp_session versioned = {.may_update = true, .has_version = true};
static const struct lsp_session delta = {.may_update = true, .has_version = true, .is_delta = true};

static void up_with(const struct lsp_session *session, uint64_t said)
{
    const struct ip address = lsp_rig_address(1);
    (void)lsp_db_tell_version(&rig.db, &address);
    lsp_db_on_said_version(&rig.db, &address, said);
    pcc = lsp_db_on_up(&rig.db, &address, session, rig.now);
    cr_assert_not_null(pcc);
}

/* Two LSPs at version 42, and the session is over. */
static void leave_version_42(void)
{
    lsp_db_on_down(&rig.db, pcc, rig.now);
    up_with(&versioned, 0);
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    lsp_pcc_on_version(pcc, 41);
    lsp_pcc_on_version(pcc, 42);
    cr_expect_eq(pcc->version, 0, "not all has come");
    end_mark();
    lsp_db_on_down(&rig.db, pcc, rig.now);
}

static uint64_t told_version(void)
{
    const struct ip address = lsp_rig_address(1);
    return lsp_db_tell_version(&rig.db, &address);
}

Test(sync, a_session_with_the_same_version_needs_no_synchronisation)
{
    leave_version_42();
    cr_expect_eq(told_version(), 42);
    up_with(&versioned, 42);
    cr_expect_eq(pcc->sync, LSP_SYNC_DONE);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
    cr_expect_eq(rig.db.counters.lsp_syncs_skipped, 1);
    cr_expect_eq(lsp_pcc_find_plsp_id(pcc, 2), find("b"), "PLSP-IDs go on");
    cr_expect_not(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    /* What the session says of them counts all the same. */
    cr_assert_eq(take(1, "b"), PCE_OK);
    cr_expect_eq(lsp_pcc_find_plsp_id(pcc, 1), find("b"));
    cr_expect_not(lsp_is_bound(find("a")));
    cr_assert_eq(take(2, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_INVALID, "in this session both are taken");
    lsp_pcc_on_version(pcc, 43);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    cr_expect_eq(told_version(), 43);
}

Test(sync, another_version_means_a_whole_synchronisation)
{
    leave_version_42();
    up_with(&versioned, 43);
    cr_expect_eq(pcc->sync, LSP_SYNC_RUNNING);
    cr_expect_eq(rig.db.counters.lsps_stale, 2);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    cr_expect_eq(told_version(), 0, "it did not get to its end");
}

Test(sync, changes_alone_may_be_told)
{
    leave_version_42();
    up_with(&delta, 44);
    cr_expect_eq(pcc->sync, LSP_SYNC_RUNNING);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
    cr_assert_eq(take(3, "c"), PCE_OK);
    lsp_pcc_on_version(pcc, 44);
    end_mark();
    cr_expect_eq(rig.db.counters.lsps, 3, "what did not change is not removed");
    lsp_db_on_down(&rig.db, pcc, rig.now);
    cr_expect_eq(told_version(), 44);
}

Test(sync, a_version_is_not_told_of_what_is_incomplete)
{
    leave_version_42();
    up_with(&versioned, 42);
    lsp_pcc_on_refusal(pcc);
    lsp_pcc_on_version(pcc, 43);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    cr_expect_eq(told_version(), 0);
}

/* ---- resynchronisation (RFC 8232 6.2) ---- */

Test(sync, all_lsps_may_be_asked_for_anew)
{
    cr_expect_not(lsp_db_on_resync(&rig.db, pcc), "one is running");
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    end_mark();
    cr_assert(lsp_db_on_resync(&rig.db, pcc));
    cr_expect_eq(rig.db.counters.lsps_stale, 2);
    cr_expect_eq(lsp_pcc_find_plsp_id(pcc, 2), find("b"), "it is the same session");
    cr_assert_eq(take(2, "b"), PCE_OK);
    end_mark();
    cr_expect_null(find("a"));
    cr_expect_eq(rig.db.counters.lsps, 1);
}

Test(sync, a_session_that_dies_in_a_resynchronisation_loses_nothing)
{
    cr_assert_eq(take(1, "a"), PCE_OK);
    end_mark();
    cr_assert(lsp_db_on_resync(&rig.db, pcc));
    cr_assert_eq(take(2, "b"), PCE_OK);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    lsp_rig_finish(&rig);
    cr_expect_not_null(find("a"));
    cr_expect_not_null(find("b"));
    cr_expect_eq(rig.db.counters.lsps_stale, 2);
}

Test(sync, what_was_asked_for_in_vain_is_not_stale)
{
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert_eq(take(2, "b"), PCE_OK);
    end_mark();
    cr_assert(lsp_db_on_resync(&rig.db, pcc));
    cr_assert_eq(take(2, "b"), PCE_OK);
    lsp_db_on_resync_refused(&rig.db, pcc);
    cr_expect_eq(rig.db.counters.lsps_stale, 0);
    cr_expect_not(lsp_is_stale(find("a")));
    cr_assert_eq(take(1, "a"), PCE_OK);
    cr_assert(lsp_db_on_resync(&rig.db, pcc));
    cr_assert_eq(take(1, "a"), PCE_OK);
    end_mark();
    cr_expect_null(find("b"));
    lsp_db_on_resync_refused(&rig.db, pcc); /* nothing was asked */
    cr_expect_eq(pcc->sync, LSP_SYNC_DONE);
}

/* ---- first synchronisations that we trigger (RFC 8232 5) ---- */

static struct lsp_pcc *waiting(uint8_t number)
{
    const struct lsp_session session = {.may_update = true, .is_triggered = true};
    const struct ip address = lsp_rig_address(number);
    return lsp_db_on_up(&rig.db, &address, &session, rig.now);
}

Test(sync, pccs_that_wait_are_asked_in_turn_and_so_many_at_a_time)
{
    struct lsp_pcc *a = waiting(2);
    struct lsp_pcc *b = waiting(3);
    struct lsp_pcc *c = waiting(4);
    cr_assert_eq(a->sync, LSP_SYNC_PENDING);
    cr_assert_eq(lsp_db_next_pending(&rig.db, 2), a);
    lsp_db_on_asked(&rig.db, a);
    cr_assert_eq(a->sync, LSP_SYNC_RUNNING);
    cr_assert_eq(lsp_db_next_pending(&rig.db, 2), b);
    lsp_db_on_asked(&rig.db, b);
    cr_assert_null(lsp_db_next_pending(&rig.db, 2));
#ifdef PCED_VALIDATE
    (void)lsp_db_validate(&rig.db);
#endif
    cr_assert(lsp_db_on_end_of_sync(&rig.db, a, rig.now));
    cr_assert_eq(lsp_db_next_pending(&rig.db, 2), c);
    cr_assert_eq(rig.db.counters.lsp_syncs_pending, 1);
    cr_assert_eq(rig.db.counters.lsp_syncs_triggered, 2);
}

Test(sync, a_pcc_that_goes_waits_no_longer_and_makes_place)
{
    struct lsp_pcc *a = waiting(2);
    struct lsp_pcc *b = waiting(3);
    struct lsp_pcc *c = waiting(4);
    lsp_db_on_asked(&rig.db, a);
    lsp_db_on_down(&rig.db, b, rig.now);
    cr_assert_null(lsp_db_next_pending(&rig.db, 1));
    lsp_db_on_down(&rig.db, a, rig.now);
    cr_assert_eq(lsp_db_next_pending(&rig.db, 1), c);
    cr_assert_eq(rig.db.counters.lsp_syncs_pending, 1);
    lsp_db_on_asked(&rig.db, c);
    lsp_db_on_ask_refused(&rig.db, c);
    lsp_db_on_ask_refused(&rig.db, c);
    cr_assert_eq(rig.db.asked_count, 0);
#ifdef PCED_VALIDATE
    (void)lsp_db_validate(&rig.db);
#endif
}

Test(sync, one_that_could_not_be_asked_is_asked_in_a_second)
{
    struct lsp_pcc *a = waiting(2);
    struct lsp_pcc *b = waiting(3);
    lsp_db_on_not_asked(&rig.db, a, rig.now);
    cr_assert_null(lsp_db_next_pending(&rig.db, 1));
    lsp_rig_pass(&rig, 1000);
    cr_assert_eq(lsp_db_next_pending(&rig.db, 1), b);
    lsp_db_on_asked(&rig.db, b);
    cr_assert_eq(lsp_db_next_pending(&rig.db, 2), a);
}

Test(sync, equal_versions_need_not_be_asked_for)
{
    const struct ip address = lsp_rig_address(2);
    const struct lsp_session session = {.has_version = true, .is_triggered = true};
    struct lsp_pcc *a = lsp_db_on_up(&rig.db, &address, &session, rig.now);
    const struct lsp_report_spec spec = {
        .plsp_id = 1, .name = "a", .version = 7, .segments = {16001}};
    lsp_db_on_asked(&rig.db, a);
    cr_assert_eq(lsp_rig_report(&rig, a, &spec), PCE_OK);
    lsp_pcc_on_version(a, 7);
    cr_assert(lsp_db_on_end_of_sync(&rig.db, a, rig.now));
    lsp_db_on_down(&rig.db, a, rig.now);
    cr_assert_eq(lsp_db_tell_version(&rig.db, &address), 7);
    lsp_db_on_said_version(&rig.db, &address, 7);
    a = lsp_db_on_up(&rig.db, &address, &session, rig.now);
    cr_assert_eq(a->sync, LSP_SYNC_DONE);
    cr_assert_null(lsp_db_next_pending(&rig.db, 1));
}

Test(sync, is_near_a_limit_by_what_pccs_with_a_session_have)
{
    two_have_gone();
    rig.db.limits.lsps_max = 20;
    rig.db.limits.lsps_elsewhere = 19;
    rig.db.limits.lsps_gone_elsewhere = 2;
    cr_assert_eq(take(1, "x"), PCE_OK);
    cr_expect_not(lsp_db_is_near(&rig.db, 95), "18 of 20, and 6 that give way");
    cr_assert_eq(take(2, "y"), PCE_OK);
    cr_expect(lsp_db_is_near(&rig.db, 95));
    rig.db.limits.lsps_elsewhere = 0;
    rig.db.limits.lsps_gone_elsewhere = 0;
    rig.db.limits.octets_max = rig.db.counters.lsp_octets - rig.db.counters.lsp_octets_gone;
    cr_expect(lsp_db_is_near(&rig.db, 95));
    rig.db.limits.octets_max *= 2;
    cr_expect_not(lsp_db_is_near(&rig.db, 95));
}
