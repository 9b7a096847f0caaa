/* Messages made of the grammar's rows: a message type with subsets of all the objects that its rows
 * name, each object as it stands in one of the golden messages.
 *
 * A slot is one class of one row. Where there are at most GRAMMAR_SLOTS_WHOLE slots, every subset
 * is made. Where there are more: with every subset of the required objects, every three of the
 * optional ones (so each pair in all four ways, too), and all but every two; and each section of at
 * most two optional objects twice in one message. A making says which type of a class, which golden
 * object, and which P flags are taken; they alternate, so that each is met by each slot.
 *
 * Thread: one. Owns: the golden objects, until grammar_messages_fini. */
#ifndef PCED_TESTS_LIB_GRAMMAR_MESSAGES_H
#define PCED_TESTS_LIB_GRAMMAR_MESSAGES_H

#include "core/pcep/codec.h"

#define GRAMMAR_INSTANCES_MAX 5
#define GRAMMAR_SLOTS_WHOLE   10

struct grammar_messages {
    struct arena arena;
    struct wire_span objects[PCEP_OBJECT_COUNT][GRAMMAR_INSTANCES_MAX]; /* whole objects */
    uint32_t object_counts[PCEP_OBJECT_COUNT];
};

struct grammar_made {
    uint32_t slots;
    uint32_t messages;
    bool is_whole; /* every subset */
};

/* The message is on the heap, in a block of its size: a read past it is seen by ASan. */
typedef void grammar_visit(void *context, struct wire_span message);

/* Ends the program when the folder of golden messages cannot be read, or lacks an object. */
void grammar_messages_init(struct grammar_messages *messages, const char *golden_folder);
void grammar_messages_fini(struct grammar_messages *messages);
/* Calls visit for each message of a type. */
struct grammar_made grammar_messages_each(const struct grammar_messages *messages, unsigned type,
                                          grammar_visit *visit, void *context);

#endif
