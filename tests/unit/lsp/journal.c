#include "core/lsp/journal.h"

#include "core/lsp/lsp_history.h"

#include <criterion/criterion.h>
#include <string.h>

static struct journal journal;

static void set_up(void)
{
    journal_init(&journal, 16);
}

static void tear_down(void)
{
    journal_fini(&journal);
}

TestSuite(journal, .init = set_up, .fini = tear_down, .timeout = 60);

static struct wire_span span(const char *text)
{
    return (struct wire_span){(const uint8_t *)text, strlen(text)};
}

static uint64_t append(uint32_t srp_id, const char *name)
{
    const struct journal_record record = {.srp_id = srp_id, .change = LSP_REMOVED};
    return journal_append(&journal, &record, span(name));
}

Test(journal, records_come_in_order_with_numbers_from_1)
{
    struct journal_record record;
    uint64_t missed;
    uint64_t cursor = 1;
    cr_expect_eq(journal_read(&journal, &cursor, &record, &missed), PCE_AGAIN);
    cr_expect_eq(append(11, ""), 1);
    cr_expect_eq(append(12, ""), 2);
    for (uint32_t i = 1; i <= 2; i++) {
        cr_assert_eq(journal_read(&journal, &cursor, &record, &missed), PCE_OK);
        cr_expect_eq(record.sequence, i);
        cr_expect_eq(record.srp_id, 10 + i);
    }
    cr_expect_eq(journal_read(&journal, &cursor, &record, &missed), PCE_AGAIN);
    cr_expect_eq(cursor, 3);
}

Test(journal, a_reader_that_is_late_is_told_what_it_has_missed)
{
    struct journal_record record;
    uint64_t missed;
    uint64_t cursor = 1;
    for (uint32_t i = 1; i <= 16; i++)
        (void)append(i, "");
    cr_assert_eq(journal_read(&journal, &cursor, &record, &missed), PCE_OK);
    cr_expect_eq(record.sequence, 1, "so many have room");
    cursor = 1;
    (void)append(17, "");
    (void)append(18, "");
    cr_assert_eq(journal_read(&journal, &cursor, &record, &missed), PCE_LIMIT);
    cr_expect_eq(missed, 2);
    cr_assert_eq(journal_read(&journal, &cursor, &record, &missed), PCE_OK);
    cr_expect_eq(record.sequence, 3);
}

Test(journal, names_are_whole_or_gone)
{
    char name[LSP_NAME_MAX + 1];
    struct journal_record record;
    uint64_t missed;
    for (uint32_t i = 1; i <= 500; i++) {
        size_t size = i * 37 % (LSP_NAME_MAX + 1);
        memset(name, (int)('a' + i % 26), size);
        name[size] = '\0';
        uint64_t cursor = append(i, name);
        cr_assert_eq(journal_read(&journal, &cursor, &record, &missed), PCE_OK);
        const struct wire_span kept = journal_name(&journal, &record);
        cr_assert_eq(kept.size, size);
        cr_assert(size == 0 || memcmp(kept.octets, name, size) == 0);
        /* An older one has the letters that it came with. */
        cursor = journal.next < 9 ? 1 : journal.next - 8;
        cr_assert_eq(journal_read(&journal, &cursor, &record, &missed), PCE_OK);
        const struct wire_span older = journal_name(&journal, &record);
        cr_assert(older.size == 0 || older.size == record.srp_id * 37 % (LSP_NAME_MAX + 1));
        for (size_t k = 0; k < older.size; k++)
            cr_assert_eq(older.octets[k], 'a' + record.srp_id % 26);
    }
}

Test(journal, a_history_keeps_the_last_changes)
{
    struct lsp_history history = {.count = 0};
    cr_expect_null(lsp_history_at(&history, 0));
    cr_expect_null(lsp_history_at(NULL, 0));
    for (uint32_t i = 1; i <= 20; i++) {
        const struct journal_record record = {.srp_id = i, .change = LSP_PATH_CHANGED};
        lsp_history_note(&history, &record);
    }
    for (uint32_t i = 0; i < LSP_HISTORY_MAX; i++)
        cr_expect_eq(lsp_history_at(&history, i)->srp_id, 20 - i);
    cr_expect_null(lsp_history_at(&history, LSP_HISTORY_MAX));
}

Test(journal, every_change_and_actor_has_a_text)
{
    for (int i = 0; i < LSP_CHANGE_COUNT; i++)
        cr_expect_not_null(lsp_change_text((enum lsp_change)i));
    for (int i = 0; i < LSP_ACTOR_COUNT; i++)
        cr_expect_not_null(lsp_actor_text((enum lsp_actor)i));
    cr_expect(lsp_change_is_of_lsp(LSP_REMOVED));
    cr_expect_not(lsp_change_is_of_lsp(PCC_DOWN));
}
