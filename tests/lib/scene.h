/* A session that is UP with a peer, a small network and an engine: what handlers work on.
 *
 *        B            A-B-D  IGP 10 + 10, TE 100 + 100, delay 500 + 500,
 *      /   \                 1,000,000 octets/s, no colour
 *     A     D         A-C-D  IGP 20 + 20, TE 10 + 10, delay 100 + 100,
 *      \   /                 100,000 octets/s, colour 0x1
 *        C     E      E      has no links
 *
 * Router ids 10.0.0.1 … 10.0.0.5 and 2001:db8::1 … ::5; SRGB 16000, indexes 1 … 5 (v4), 101 … 105
 * (v6). Interfaces 192.0.2.x on A-B (1, 2), B-D (3, 4), A-C (5, 6); C-D has none. Adjacency SIDs
 * 24000 + the number of the directed link: AB 0, BA 1, BD 2, DB 3, AC 4, CA 5, CD 6, DC 7. */
#ifndef PCED_TESTS_LIB_SCENE_H
#define PCED_TESTS_LIB_SCENE_H

#include "core/handlers/handlers.h"
#include "core/pcep/grammar.h"
#include "core/requests/no_path.h"
#include "tests/lib/session_owner.h"

#define SCENE_MESSAGES_MAX 4096

struct scene {
    struct session_owner owner; /* first */
    struct session_config config;
    struct request_context context;
    struct request_counters counters;
    struct handler_context handler;
    struct handler_counters handled;
    struct wheel wheel;
    struct lsp_db lsps;
    struct lsp_orders orders;
    struct handler_lsp_policy lsp_policy;
    struct no_path_memory *no_paths; /* the test's, told of answers; NULL: none */
    struct arena arena;              /* of the turn */
    struct arena kept;               /* of replies that the test decodes */
    struct ted_snapshot *snapshot;
    struct wire_span messages[SCENE_MESSAGES_MAX]; /* sent by the session; heap */
    enum session_class classes[SCENE_MESSAGES_MAX];
    size_t room_asked[SCENE_MESSAGES_MAX];
    size_t message_count;
    bool is_over; /* end_transport was called */
    /* What the events said. */
    unsigned reply_count, report_count, refused_count, peer_error_count, notification_count;
    unsigned cached_count;
    struct reply_note last_note;          /* of a cached reply too */
    float last_bounds[PATH_METRIC_COUNT]; /* that the last cached one names */
    struct path_request last_request;
    struct path_result last_result;
    struct pcep_fault last_fault;
    uint32_t last_plsp_id;
    uint8_t last_type, last_value;
    /* The PCReq being made. */
    uint8_t request[65536];
    struct wire_writer writer;
};

#define PEER_MSD       10
#define SCENE_MSD_OF_D 1 /* the topology knows no other node's */

/* FRR's Open, with MSD 10 and path setup types 0 and 1; a Keepalive. */
#define PEER_OPEN                                                                                  \
    "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010 0000 0002 0001 0000"              \
    "001a 0004 0000 000a"
#define PEER_KEEPALIVE "2002 0004"

/* FRR's Open with MSD 10, but with path setup types 0 and 1. */
void scene_init(struct scene *scene);
void scene_fini(struct scene *scene);
/* Answers come from a cache from now on. */
void scene_keep_replies(struct scene *scene);
/* Anew, with this Open of the peer instead. */
void scene_restart(struct scene *scene, const char *open_hex);
void scene_receive(struct scene *scene, const void *octets, size_t size);
void scene_receive_hex(struct scene *scene, const char *hex);

/* A message is begun, filled by the codec's straight-line calls on scene->writer, and received. */
void scene_begin(struct scene *scene, enum pcep_message_type type);
void scene_send(struct scene *scene);
void scene_put_rp(struct scene *scene, uint32_t request_id, uint32_t flags, int pst);
void scene_put_end_points(struct scene *scene, const char *source, const char *destination);
void scene_put_metric(struct scene *scene, uint8_t header_flags, uint8_t flags, uint8_t type,
                      float value);
void scene_put_bandwidth(struct scene *scene, float bandwidth);
void scene_put_lspa(struct scene *scene, uint32_t exclude_any, uint32_t include_any,
                    uint32_t include_all, uint8_t setup_priority);
/* RP and END-POINTS of an SR request from A to D. */
void scene_begin_request(struct scene *scene);

/* The responses of a sent message. */
struct pcep_response_list scene_responses(struct scene *scene, size_t index);
/* The only response of the only message. */
struct pcep_response scene_only_response(struct scene *scene);
/* The whole decoded message. */
struct pcep_message scene_decoded(struct scene *scene, size_t index);
bool scene_message_is(const struct scene *scene, size_t index, const char *hex);
/* Whether the only message sent is a PCErr for this request with this error. */
void scene_expect_error(struct scene *scene, uint32_t request_id, uint8_t type, uint8_t value);
/* The object, which has to be there. */
const struct pcep_object *scene_there(const struct pcep_optional *optional);
/* Labels of an SR-ERO. */
uint32_t scene_label(const struct pcep_optional *ero, uint32_t index);
uint32_t scene_rp_flags(const struct pcep_object *rp);
const struct pcep_metric *scene_metric(const struct pcep_response *response, uint32_t index);
/* Of the NO-PATH-VECTOR; 0 where there is none. */
uint32_t scene_vector(const struct pcep_response *response);
/* The C flag of NO-PATH. */
bool scene_lists_constraints(const struct pcep_response *response);
/* requests = replies + refused + dropped */
void scene_check_counters(const struct scene *scene);
/* Forgets what was sent. */
void scene_clear(struct scene *scene);

/* Another network in place of the one above, from the text of a topology file. */
void scene_use_network(struct scene *scene, const char *text);

#endif
