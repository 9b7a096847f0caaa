/* The document of a state table: its rows "| state | event | step | effect | may reach |".
 *
 * Thread: one. Owns: nothing; the rows are the caller's, states x events of them, zeroed. */
#ifndef PCED_TESTS_LIB_FSM_DOCUMENT_H
#define PCED_TESTS_LIB_FSM_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#define FSM_TEXT_SIZE 160

struct fsm_row {
    bool is_there;
    char step[FSM_TEXT_SIZE];
    char effect[FSM_TEXT_SIZE]; /* what it sends, or tells */
    uint32_t may_reach;         /* 1 << state */
};

struct fsm_document {
    const char *path;
    unsigned states, events;
    const char *(*state_text)(unsigned state);
    const char *(*event_text)(unsigned event);
};

/* Fails the test for a row that names no event or state, or that comes twice. */
void fsm_document_read(const struct fsm_document *document, struct fsm_row *rows);

#endif
