#include "tests/lib/fsm_document.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 5

static int index_of(const char *text, unsigned count, const char *(*name_of)(unsigned index))
{
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(name_of(i), text) == 0)
            return (int)i;
    }
    return -1;
}

/* Splits "| a | b |" into trimmed columns; how many there were. */
static int split_row(const char *line, char columns[COLUMNS][FSM_TEXT_SIZE])
{
    int count = 0;
    while (line[0] == '|' && count < COLUMNS) {
        const char *start = line + 1;
        const char *end = strchr(start, '|');
        if (end == NULL)
            break;
        while (*start == ' ')
            start++;
        const char *last = end;
        while (last > start && last[-1] == ' ')
            last--;
        size_t size = (size_t)(last - start);
        if (size >= FSM_TEXT_SIZE)
            return -1;
        memcpy(columns[count], start, size);
        columns[count][size] = '\0';
        count++;
        line = end;
    }
    return count;
}

static uint32_t reach_of(const struct fsm_document *document, char *text)
{
    uint32_t reach = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, ", ", &rest); word != NULL;
         word = strtok_r(NULL, ", ", &rest)) {
        int state = index_of(word, document->states, document->state_text);
        cr_assert_geq(state, 0, "no such state: %s", word);
        reach |= UINT32_C(1) << state;
    }
    return reach;
}

void fsm_document_read(const struct fsm_document *document, struct fsm_row *rows)
{
    FILE *file = fopen(document->path, "r");
    cr_assert_not_null(file, "cannot open %s", document->path);
    char line[512];
    char columns[COLUMNS][FSM_TEXT_SIZE];
    while (fgets(line, sizeof line, file) != NULL) {
        if (split_row(line, columns) != COLUMNS)
            continue;
        int state = index_of(columns[0], document->states, document->state_text);
        if (state < 0)
            continue;
        int event = index_of(columns[1], document->events, document->event_text);
        cr_assert_geq(event, 0, "no such event: %s", columns[1]);
        struct fsm_row *row = &rows[(unsigned)state * document->events + (unsigned)event];
        cr_assert_not(row->is_there, "twice: %s %s", columns[0], columns[1]);
        row->is_there = true;
        memcpy(row->step, columns[2], FSM_TEXT_SIZE);
        memcpy(row->effect, columns[3], FSM_TEXT_SIZE);
        row->may_reach = reach_of(document, columns[4]);
    }
    (void)fclose(file);
}
