/* Framing: from a stream of octets to whole PCEP messages (RFC 5440 6.1).
 *
 * A message that arrives whole is given out where it lies, without a copy. Only when it is split
 * are its octets gathered in a buffer, which is taken from the caller's allocator when the second
 * half is awaited and given back when the message is done: an idle session owns none. Where many
 * frames belong to one owner, it keeps such buffers for all of them (struct frame_spares), so that
 * a split message takes no memory anew.
 *
 * Thread: the owner of the session. Owns: the gathering buffer while a message is split.
 * Bound: one message, at most 65,535 octets (the length field's range) or size_max where less. */
#ifndef PCED_CORE_PCEP_FRAME_H
#define PCED_CORE_PCEP_FRAME_H

#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/pcep/fault.h"

#define PCEP_HEADER_SIZE      4
#define PCEP_VERSION          1
#define PCEP_MESSAGE_SIZE_MAX 65535
#define FRAME_SPARE_ROOM      512  /* octets of a buffer that is kept: most requests are shorter */
#define FRAME_SPARES_MAX      2048 /* that are kept: 1 MiB */

/* Buffers of FRAME_SPARE_ROOM octets that no frame needs now; zero is none. */
struct frame_spares {
    void *first; /* each begins with the address of the next one */
    uint32_t count;
};

/* Frees what is kept. */
void frame_spares_fini(struct frame_spares *spares);

/* 16 octets: it stands in every session. */
struct frame {
    uint8_t *partial;      /* NULL between messages */
    uint16_t partial_size; /* octets gathered */
    uint16_t partial_room; /* octets of the buffer */
    uint16_t size_max;     /* longest message that is accepted */
    bool is_given;         /* the buffer holds the message that was given out last */
};

_Static_assert(PCEP_MESSAGE_SIZE_MAX <= UINT16_MAX, "sizes of a frame have 16 bits");
_Static_assert(sizeof(struct frame) == 16, "it stands in every session");
_Static_assert(FRAME_SPARE_ROOM >= sizeof(void *), "a spare begins with the next one's address");
_Static_assert((FRAME_SPARE_ROOM) * (FRAME_SPARES_MAX) == 1 << 20, "what is kept is 1 MiB");

/* The common header (RFC 5440 6.1). */
struct frame_header {
    uint8_t version;
    uint8_t flags; /* 5 bits */
    uint8_t type;
    uint16_t size; /* of the message */
};

/* Every header of a message is read by this; where octets are missing the reader has failed. */
static inline struct frame_header frame_read_header(struct wire_reader *reader)
{
    uint8_t first = wire_u8(reader);
    uint8_t type = wire_u8(reader);
    return (struct frame_header){
        .version = first >> 5, .flags = first & 0x1F, .type = type, .size = wire_u16(reader)};
}

/* A whole message, and what its header says. */
struct frame_message {
    const uint8_t *octets; /* the header first */
    uint16_t size;         /* PCEP_HEADER_SIZE at least */
    uint8_t version;       /* PCEP_VERSION */
    uint8_t flags;
    uint8_t type;
};

/* What comes after the header. */
static inline struct wire_span frame_message_body(struct frame_message message)
{
    return (struct wire_span){message.octets + PCEP_HEADER_SIZE,
                              (size_t)message.size - PCEP_HEADER_SIZE};
}

/* The message that these octets are, all of them, where nothing has framed it. False, and a fault:
 * they are not one; the message has what its header says. */
bool frame_read_whole(struct wire_span octets, struct frame_message *message,
                      struct pcep_fault *fault);

void frame_init(struct frame *frame, uint32_t size_max);
/* Releases what is gathered. */
void frame_fini(struct frame *frame);

/* Takes the next whole message out of *octets (stepping over what it used).
 * PCE_OK: *message is the whole message, valid until the next call or until the caller's octets go.
 * PCE_AGAIN: all octets are used and no message is whole.
 * PCE_INVALID: *fault says why (version: 1/8 or malformed; length below 4, not a multiple of 4,
 * above size_max): the stream cannot be followed any further. PCE_NO_MEMORY: no buffer for a split
 * message. */
PCE_MUST_CHECK enum pce_status frame_next(struct frame *frame, struct wire_span *octets,
                                          struct frame_message *message, struct pcep_fault *fault);
/* The same; a buffer that is needed is one of the spares where there is one, and becomes one again
 * when the message is done. spares NULL: as frame_next. */
PCE_MUST_CHECK enum pce_status frame_next_sparing(struct frame *frame, struct frame_spares *spares,
                                                  struct wire_span *octets,
                                                  struct frame_message *message,
                                                  struct pcep_fault *fault);

#endif
