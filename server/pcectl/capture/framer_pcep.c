/* What the framer has to know of PCEP (RFC 5440 6.1). */
#include "core/pcep/frame.h"
#include "core/pcep/registry.h"
#include "server/pcectl/capture/framer.h"

#define OBJECT_HEADER_SIZE 4U

/* Lengths that messages of this type can have. */
static bool pcep_is_length(unsigned type, uint32_t size)
{
    if (size % 4 != 0)
        return false;
    if (type == PCEP_MESSAGE_KEEPALIVE || type == PCEP_MESSAGE_STARTTLS)
        return size == PCEP_HEADER_SIZE;
    return size >= PCEP_HEADER_SIZE + 2 * OBJECT_HEADER_SIZE;
}

static bool pcep_is_first_class(unsigned type, unsigned class_)
{
    if (type == PCEP_MESSAGE_OPEN)
        return class_ == PCEP_CLASS_OPEN;
    if (type == PCEP_MESSAGE_CLOSE)
        return class_ == PCEP_CLASS_CLOSE;
    return pcep_object_class_is_known(class_);
}

static enum framer_verdict pcep_judge_header(struct wire_reader *reader, unsigned *type,
                                             uint32_t *size)
{
    static const uint8_t version_1 = PCEP_VERSION << 5;
    if (wire_left(reader) == 0)
        return FRAMER_MAYBE;
    if (reader->at[0] != version_1)
        return FRAMER_NO;
    if (wire_left(reader) < PCEP_HEADER_SIZE)
        return FRAMER_MAYBE;
    wire_skip(reader, 1);
    *type = wire_u8(reader);
    *size = wire_u16(reader);
    return pcep_message_find(*type) != NULL && pcep_is_length(*type, *size) ? FRAMER_YES
                                                                            : FRAMER_NO;
}

/* Objects from the first on, as far as they are there. */
static enum framer_verdict pcep_judge_objects(struct wire_reader *reader, unsigned type,
                                              uint32_t left)
{
    if (left > 0 && wire_left(reader) < OBJECT_HEADER_SIZE)
        return FRAMER_MAYBE;
    for (unsigned i = 0; i < FRAMER_OBJECTS_MAX && left > 0; i++) {
        if (wire_left(reader) < OBJECT_HEADER_SIZE)
            return FRAMER_YES;
        uint8_t class_ = wire_u8(reader);
        wire_skip(reader, 1);
        uint32_t size = wire_u16(reader);
        if (size < OBJECT_HEADER_SIZE || size % 4 != 0 || size > left)
            return FRAMER_NO;
        if (class_ == 0 || (i == 0 && !pcep_is_first_class(type, class_)))
            return FRAMER_NO;
        left -= size;
        size -= OBJECT_HEADER_SIZE;
        if (wire_left(reader) < size)
            return FRAMER_YES;
        wire_skip(reader, size);
    }
    if (left > 0)
        return FRAMER_YES;
    /* The whole message is there: what follows it begins like one, too. */
    unsigned next_type;
    uint32_t next_size;
    return pcep_judge_header(reader, &next_type, &next_size) == FRAMER_NO ? FRAMER_NO : FRAMER_YES;
}

static enum framer_verdict framer_pcep_judge(struct wire_span octets)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    unsigned type = 0;
    uint32_t size = 0;
    enum framer_verdict verdict = pcep_judge_header(&reader, &type, &size);
    return verdict == FRAMER_YES ? pcep_judge_objects(&reader, type, size - PCEP_HEADER_SIZE)
                                 : verdict;
}

static const char *pcep_object_to(const uint8_t *header)
{
    struct wire_reader reader = wire_reader_init(header, PCEP_HEADER_SIZE);
    unsigned version = wire_u8(&reader) >> 5;
    wire_skip(&reader, 1);
    uint32_t size = wire_u16(&reader);
    if (version != PCEP_VERSION)
        return "PCEP version is not 1";
    if (size < PCEP_HEADER_SIZE)
        return "message length is below 4";
    return size % 4 != 0 ? "message length is no multiple of 4" : NULL;
}

static uint32_t pcep_size_of(const uint8_t *header)
{
    struct wire_reader reader = wire_reader_init(header, PCEP_HEADER_SIZE);
    wire_skip(&reader, 2);
    return wire_u16(&reader);
}

static bool pcep_begins_tls(const uint8_t *message)
{
    return message[1] == PCEP_MESSAGE_STARTTLS;
}

const struct framer_protocol framer_pcep = {
    .reference = "RFC 5440 6.1",
    .header_size = PCEP_HEADER_SIZE,
    .type_at = 1,
    .align = 4,
    .judge = framer_pcep_judge,
    .object_to = pcep_object_to,
    .size_of = pcep_size_of,
    .begins_tls = pcep_begins_tls,
};
