/* Codec: between octets and decoded messages, by the rows of the registry.
 *
 * A decoded message is the list of its objects in wire order; each object has its header, its body
 * as the typed struct of its row (model.h), its TLVs and subobjects. Nothing is lost: what the
 * registry does not know is kept as octets in its place, reserved fields and unassigned flags keep
 * their values, so that encoding a decoded message gives the same octets.
 *
 * codec.c alone walks lengths, padding, TLVs and unknowns; the rows' functions see only their own
 * octets. What a message needs to contain is grammar.h's business.
 *
 * Thread: any. Owns: nothing; a decoded message lives in the caller's arena and points into the
 * caller's octets.
 * Bound: the message's own size; each list is as long as the octets allow. */
#ifndef PCED_CORE_PCEP_CODEC_H
#define PCED_CORE_PCEP_CODEC_H

#include "core/base/arena.h"
#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/pcep/fault.h"
#include "core/pcep/frame.h"
#include "core/pcep/registry.h"

#define PCEP_OBJECT_HEADER_SIZE 4

/* Flags of the common object header (RFC 5440 7.2), as they stand in its second octet. */
#define PCEP_OBJECT_FLAG_I 0x01 /* ignored (in replies) */
#define PCEP_OBJECT_FLAG_P 0x02 /* must be processed (in requests) */

struct pcep_tlv {
    const struct pcep_tlv_row *row; /* NULL: unknown, or malformed and kept as octets */
    uint16_t type;
    uint16_t size;         /* of the value, without header and padding */
    uint32_t offset;       /* of the TLV, from the start of the message */
    const void *body;      /* struct of the row; NULL when row is NULL */
    const uint8_t *octets; /* the value on the wire; may be NULL in a message that we make */
    struct pcep_tlv *subs; /* sub-TLVs, where the row has them */
    uint32_t sub_count;
    struct wire_span rest; /* octets behind the last sub-TLV that could be read */
    uint8_t padding[3];    /* the padding octets as received: they are sent on unchanged */
};

struct pcep_subobject {
    const struct pcep_subobject_row *row; /* NULL: unknown */
    bool is_loose; /* L bit (RFC 3209 4.3.3.1); X bit in an XRO (RFC 5521 2.1.1) */
    uint8_t type;  /* 7 bits */
    uint8_t size;  /* of the whole subobject, header included */
    uint32_t offset;
    const void *body;
    const uint8_t *octets; /* what follows type and length */
};

struct pcep_object {
    const struct pcep_object_row *row; /* NULL: unknown class or type */
    uint8_t class_;
    uint8_t type;         /* OT: 4 bits */
    uint8_t header_flags; /* the low nibble of the second octet: PCEP_OBJECT_FLAG_… and reserved */
    uint16_t size;        /* whole object, header included */
    uint32_t offset;
    const void *body;      /* struct of the row; NULL when row is NULL */
    const uint8_t *octets; /* all after the header; may be NULL in a message that we make */
    struct pcep_tlv *tlvs;
    uint32_t tlv_count;
    struct pcep_subobject *subobjects; /* ERO, RRO, IRO, XRO … */
    uint32_t subobject_count;
    struct wire_span rest;          /* octets behind the last TLV or subobject that could be read */
    const struct pcep_fault *fault; /* what is wrong inside this object; NULL: nothing */
};

struct pcep_message {
    const struct pcep_message_row *row; /* NULL: unknown message type */
    uint8_t version;
    uint8_t flags; /* 5 bits */
    uint8_t type;
    uint32_t size;
    struct pcep_object *objects;
    uint32_t object_count;
    bool is_plain; /* decoded, and of the shape that plain.h has */
};

/* Decodes one whole message.
 * PCE_OK: *message is complete, though objects of it may carry faults of a lesser scope: the first
 * of those is in *fault (scope NONE when there is none). PCE_INVALID: malformed (fault->scope is
 * SESSION): lengths do not fit. *message holds what came before. PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status pcep_decode(struct wire_span octets, struct arena *arena,
                                           struct pcep_message *message, struct pcep_fault *fault);

/* The same of a message whose header was read when it was framed. */
PCE_MUST_CHECK enum pce_status pcep_decode_framed(struct frame_message framed, struct arena *arena,
                                                  struct pcep_message *message,
                                                  struct pcep_fault *fault);

/* The same, but that a plain report is read as any message is: for tests of plain.h. */
PCE_MUST_CHECK enum pce_status pcep_decode_at_length(struct frame_message framed,
                                                     struct arena *arena,
                                                     struct pcep_message *message,
                                                     struct pcep_fault *fault);

/* Appends the whole message to the writer, lengths and padding included.
 * PCE_LIMIT: it does not fit (the writer has failed; nothing of it is to be used). */
PCE_MUST_CHECK enum pce_status pcep_encode(const struct pcep_message *message,
                                           struct wire_writer *writer);

/* Straight-line writing, for what is sent often: a message is opened, objects and TLVs are put, and
 * it is closed. Failures latch in the writer. Offsets are those that the open call returned. */
size_t pcep_message_open(struct wire_writer *writer, enum pcep_message_type type);
void pcep_message_close(struct wire_writer *writer, size_t message_offset);
/* header_flags: PCEP_OBJECT_FLAG_…; body: the struct of the row. The object stays open for TLVs and
 * subobjects until pcep_object_close. */
size_t pcep_object_open(struct wire_writer *writer, enum pcep_object_id id, uint8_t header_flags,
                        const void *body);
void pcep_object_close(struct wire_writer *writer, size_t object_offset);
/* A whole object without TLVs. */
void pcep_object_put(struct wire_writer *writer, enum pcep_object_id id, uint8_t header_flags,
                     const void *body);
/* A whole TLV with its padding. */
void pcep_tlv_put(struct wire_writer *writer, enum pcep_tlv_id id, const void *body);
/* A TLV with sub-TLVs: opened with its fields, the sub-TLVs put, closed. */
size_t pcep_tlv_open(struct wire_writer *writer, enum pcep_tlv_id id, const void *body);
void pcep_tlv_close(struct wire_writer *writer, size_t tlv_offset);
/* An ERO, IRO … subobject. */
void pcep_subobject_put(struct wire_writer *writer, enum pcep_subobject_id id, bool is_loose,
                        const void *body);

/* The first TLV of that row; NULL when there is none. The body is the struct of the row. */
const void *pcep_find_tlv(const struct pcep_object *object, enum pcep_tlv_id id);
/* The same among the sub-TLVs of a TLV. */
const void *pcep_find_sub_tlv(const struct pcep_tlv *tlv, enum pcep_tlv_id id);
const struct pcep_tlv *pcep_find_tlv_entry(const struct pcep_object *object, enum pcep_tlv_id id);

#endif
