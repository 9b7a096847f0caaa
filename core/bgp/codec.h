/* Codec: between octets and decoded messages, by the rows of the registry.
 *
 * A decoded message has all that came, in wire order; each capability, path attribute and TLV has
 * its body as the typed struct of its row (model.h). Nothing is lost: what the registry does not
 * know, and what is not as its row says, is kept as octets in its place, so that encoding a decoded
 * message gives the same octets. What is wrong with an UPDATE is marked where it is, with what it
 * asks for (RFC 7606, RFC 9552 8.2.2).
 *
 * Two rules of 9552 are read with the routers that there are in mind: TLVs of an NLRI in another
 * order than ascending are marked and used all the same, as their producers are many and a consumer
 * compares sorted descriptors (ls_key.h); a TLV of an NLRI or attribute whose value is of another
 * length than its row's is kept as octets, as contents make nothing malformed.
 *
 * Thread: any. Owns: nothing; a decoded message lives in the caller's arena and points into the
 * caller's octets.
 * Bound: the message's own size; TLVs inside TLVs to BGP_TLV_DEPTH_MAX, deeper ones stay octets. */
#ifndef PCED_CORE_BGP_CODEC_H
#define PCED_CORE_BGP_CODEC_H

#include "core/base/arena.h"
#include "core/bgp/frame.h"
#include "core/bgp/model.h"
#include "core/bgp/tlv.h"

/* What the session has settled. */
struct bgp_options {
    bool has_as4; /* AS numbers of path attributes have 4 octets (RFC 6793 4.1) */
    bool
        is_external; /* eBGP: LOCAL_PREF and the reflectors' attributes are discarded (RFC 7606 7) */
};

/* How a body came out. */
struct bgp_capability {
    const struct bgp_capability_row *row; /* NULL: unknown, or malformed and kept as octets */
    uint8_t code;
    uint8_t size; /* of the value */
    uint32_t offset;
    const void *body;      /* struct of the row; NULL when row is NULL */
    const uint8_t *octets; /* the value on the wire */
};

/* An optional parameter; those of type 2 are lists of capabilities (RFC 5492 4). */
struct bgp_parameter {
    uint8_t type;
    uint16_t size;
    uint32_t offset;
    const uint8_t *octets;
    struct bgp_capability *capabilities; /* NULL: of another type, or lengths that do not fit */
    uint32_t capability_count;
};

#define BGP_PARAMETER_CAPABILITIES 2

struct bgp_open_message {
    struct bgp_open body;
    bool
        is_extended; /* lengths of parameters have two octets (RFC 9072); it also is where needed */
    uint8_t short_size; /* what came in place of their length then, and says nothing; 0: 255 */
    struct bgp_parameter *parameters;
    uint32_t parameter_count;
};

struct bgp_nlri {
    const struct bgp_nlri_row *row; /* NULL: unknown type */
    uint16_t type;
    uint16_t size; /* of the value */
    uint32_t offset;
    const uint8_t *octets; /* the value on the wire */
    uint8_t protocol;      /* enum bgp_protocol */
    uint64_t identifier;
    struct bgp_tlv_list tlvs;
    bool is_unordered;      /* TLVs do not ascend; used all the same */
    enum bgp_action action; /* BGP_ACTION_DISCARD: not to be used */
};

struct bgp_attribute {
    const struct bgp_attribute_row *row; /* NULL: unknown */
    uint8_t flags;                       /* BGP_ATTRIBUTE_… and unassigned ones */
    uint8_t type;
    uint16_t size; /* of the value */
    uint32_t offset;
    const uint8_t *octets;    /* the value on the wire */
    const void *body;         /* NULL: octets alone; also where the layout is empty */
    struct bgp_nlri *nlris;   /* of link state, where the row has NLRIs */
    uint32_t nlri_count;      /* */
    bool is_other_family;     /* its NLRIs are of another family: octets alone */
    struct bgp_tlv_list tlvs; /* where the row has TLVs */
    enum bgp_action action;   /* what its own mistake asks for; DISCARD: it counts as absent */
};

/* Why a route is ignored that is as it should be. */
enum bgp_unfeasible {
    BGP_FEASIBLE,
    BGP_OWN_AS,
    BGP_OWN_ORIGINATOR,
    BGP_OWN_CLUSTER,
    BGP_OWN_NEXT_HOP,
    BGP_UNFEASIBLE_COUNT,
};

struct bgp_update {
    struct wire_span withdrawn; /* of IPv4 unicast, which is not ours */
    struct bgp_attribute *attributes;
    uint32_t attribute_count;
    struct wire_span rest;          /* of the path attributes: no attribute could be read there */
    struct wire_span nlri;          /* of IPv4 unicast */
    bool is_withdraw;               /* what it announces counts as withdrawn (RFC 7606 2) */
    enum bgp_unfeasible unfeasible; /* … or is ignored (feasible.h); bgp_decode does not ask */
};

struct bgp_notification {
    uint8_t code;
    uint8_t subcode;
    struct wire_span data;
};

struct bgp_refresh_message {
    struct bgp_route_refresh body;
    struct wire_span rest; /* outbound filters (RFC 5291), which nobody was told to send */
};

struct bgp_message {
    const struct bgp_message_row *row; /* NULL: unknown message type */
    uint8_t type;
    uint32_t size;
    union { /* by type */
        struct bgp_open_message open;
        struct bgp_update update;
        struct bgp_notification notification;
        struct bgp_refresh_message refresh;
    };
};

/* Decodes one whole message, whose header bgp_frame_next has looked at, or anything else.
 * PCE_OK: *message is complete; what is wrong in it, and not for the whole session, is the action
 * of *fault. PCE_INVALID: *fault asks for a session reset; *message holds what could be read.
 * PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status bgp_decode(struct wire_span octets, struct bgp_options options,
                                          struct arena *arena, struct bgp_message *message,
                                          struct bgp_fault *fault);

/* Appends the whole message to the writer. PCE_LIMIT: it does not fit (the writer has failed). */
PCE_MUST_CHECK enum pce_status bgp_encode(const struct bgp_message *message,
                                          struct wire_writer *writer);

/* The first attribute of that row that is to be used; NULL when there is none. */
const struct bgp_attribute *bgp_find_attribute(const struct bgp_update *update,
                                               enum bgp_attribute_id id);
/* The first capability of that row; NULL when there is none. The body is the struct of the row;
 * of one whose layout is empty, something that is not NULL. */
const void *bgp_find_capability(const struct bgp_open_message *open, enum bgp_capability_id id);

/* Whether an UPDATE is the End-of-RIB of link state (RFC 4724 2). */
bool bgp_update_is_end_of_rib(const struct bgp_update *update);

#endif
