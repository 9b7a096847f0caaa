/* Messages of a PCC: valid ones to begin with, and what becomes of them when they are changed.
 *
 * The seeds are a few of its own, the golden messages of tests/golden, and where PCED_SHARED names
 * a folder with captured ones, those. A script names a seed by a key of 16 bits: below
 * MESSAGES_OWN it is one of the own; else the one whose name's hash is the next above the key, so
 * that a key keeps its meaning when messages are added. A change is named by 16 bits as well, and
 * comes out the same each time: it breaks fields, lengths and the order of objects, and mostly
 * keeps the framing.
 *
 * Thread: one caller. Owns: the seeds, for the life of the program.
 * Bound: MESSAGE_MAX octets. */
#ifndef PCED_TESTS_SIM_MESSAGES_H
#define PCED_TESTS_SIM_MESSAGES_H

#include "core/base/wire.h"

#include <stdint.h>

#define MESSAGE_MAX 65535

/* The own ones. */
enum message_key {
    MESSAGE_OPEN_STATEFUL,
    MESSAGE_KEEPALIVE,
    MESSAGE_OPEN,
    MESSAGE_PCREQ,
    MESSAGE_PCREQ_SR,
    MESSAGE_PCREQ_V6,
    MESSAGE_PCREQ_MANY,
    MESSAGE_PCRPT,
    MESSAGE_PCRPT_END_OF_SYNC,
    MESSAGE_PCNTF_CANCEL,
    MESSAGE_PCERR,
    MESSAGE_CLOSE,
    MESSAGE_STARTTLS,
    MESSAGE_UNKNOWN,
    MESSAGE_OPEN_ZERO,
    MESSAGES_OWN,
};

struct wire_span message_seed(uint16_t key);
unsigned message_seed_count(void);
/* Writes the seed as the change makes it (0: as it is) and gives its size; room for MESSAGE_MAX. */
size_t message_write(uint16_t key, uint16_t change, uint8_t *octets);

#endif
