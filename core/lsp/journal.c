#include "core/lsp/journal.h"

#include "core/base/check.h"

#include <stdlib.h>

void journal_init(struct journal *journal, uint32_t record_max)
{
    CHECK(record_max > 0);
    *journal = (struct journal){.next = 1, .record_max = record_max};
}

void journal_fini(struct journal *journal)
{
    free(journal->records);
    free(journal->names);
    journal->records = NULL;
    journal->names = NULL;
}

/* One name fits at the least. */
static uint64_t names_size(const struct journal *journal)
{
    uint64_t size = (uint64_t)journal->record_max * JOURNAL_NAME_OCTETS;
    return size < LSP_NAME_MAX ? LSP_NAME_MAX : size;
}

static bool have_rings(struct journal *journal)
{
    if (journal->records == NULL)
        journal->records = calloc(journal->record_max, sizeof *journal->records);
    if (journal->names == NULL)
        journal->names = malloc(names_size(journal));
    return journal->records != NULL && journal->names != NULL;
}

/* A name is in one piece: where the ring's end would cut it, it begins at the front. */
static void journal_append_name(struct journal *journal, struct journal_record *record,
                                struct wire_span name)
{
    const uint64_t size = names_size(journal);
    const uint64_t left = size - journal->names_at % size;
    CHECK(name.size <= LSP_NAME_MAX);
    if (name.size > left)
        journal->names_at += left;
    record->name_at = journal->names_at;
    record->name_size = (uint8_t)name.size;
    if (name.size > 0)
        memcpy(journal->names + journal->names_at % size, name.octets, name.size);
    journal->names_at += name.size;
}

uint64_t journal_append(struct journal *journal, const struct journal_record *record,
                        struct wire_span name)
{
    if (!have_rings(journal)) {
        /* Whoever reads has missed what stood there, too. */
        journal->lost++;
        return journal->next++;
    }
    struct journal_record *place = &journal->records[journal->next % journal->record_max];
    *place = *record;
    place->sequence = journal->next;
    journal_append_name(journal, place, name);
    return journal->next++;
}

static uint64_t oldest_of(const struct journal *journal)
{
    return journal->next > journal->record_max ? journal->next - journal->record_max : 1;
}

enum pce_status journal_read(const struct journal *journal, uint64_t *cursor,
                             struct journal_record *record, uint64_t *missed)
{
    const uint64_t oldest = oldest_of(journal);
    *missed = 0;
    if (*cursor < oldest) {
        *missed = oldest - *cursor;
        *cursor = oldest;
        return PCE_LIMIT;
    }
    if (*cursor >= journal->next)
        return PCE_AGAIN;
    if (journal->records == NULL ||
        journal->records[*cursor % journal->record_max].sequence != *cursor) {
        *missed = 1;
        (*cursor)++;
        return PCE_LIMIT;
    }
    *record = journal->records[(*cursor)++ % journal->record_max];
    return PCE_OK;
}

struct wire_span journal_name(const struct journal *journal, const struct journal_record *record)
{
    const uint64_t size = names_size(journal);
    if (record->name_size == 0 || journal->names == NULL ||
        journal->names_at - record->name_at > size)
        return (struct wire_span){NULL, 0};
    return (struct wire_span){journal->names + record->name_at % size, record->name_size};
}

const char *lsp_change_text(enum lsp_change change)
{
#define TEXT(name, text, is_of_lsp) [name] = (text),
    static const char *const texts[LSP_CHANGE_COUNT] = {LSP_CHANGES(TEXT)};
#undef TEXT
    return texts[change];
}

bool lsp_change_is_of_lsp(enum lsp_change change)
{
#define IS_OF_LSP(name, text, is_of_lsp) [name] = (is_of_lsp),
    static const bool are[LSP_CHANGE_COUNT] = {LSP_CHANGES(IS_OF_LSP)};
#undef IS_OF_LSP
    return are[change];
}

const char *lsp_actor_text(enum lsp_actor actor)
{
    static const char *const texts[LSP_ACTOR_COUNT] = {
        [LSP_BY_PCC] = "pcc",     [LSP_BY_US] = "us",           [LSP_BY_OPERATOR] = "operator",
        [LSP_BY_TIMER] = "timer", [LSP_BY_NETWORK] = "network",
    };
    return texts[actor];
}
