/* A worker without a ring, for tests: its PCCs are UP from the start and send nothing.
 *
 * Thread: one. Owns: the worker, until scene_fini. */
#ifndef PCED_TESTS_UNIT_PCELOAD_SCENE_H
#define PCED_TESTS_UNIT_PCELOAD_SCENE_H

#include "bench/pceload/worker.h"

struct scene {
    struct options options;
    struct network network;
    struct templates templates;
    struct stage stage;
    struct worker worker;
};

/* deploy/topologies/small.yaml; the options are the caller's, but for that. */
void scene_init(struct scene *scene, const struct options *options);
void scene_fini(struct scene *scene);
/* Moves the worker's clock and has it read the stage. */
void scene_at(struct scene *scene, uint64_t now_ns);
/* The index of the end that has this router id, such as "192.0.2.1". */
uint32_t scene_end(const struct scene *scene, const char *address);
/* Has the session ask for one path; its slot. */
struct load_request *scene_ask(struct scene *scene, uint32_t number, const char *from,
                               const char *to);
/* A PCRep with one response: an ERO of these octets (NULL: none), and a NO-PATH where asked. */
struct reply {
    uint32_t id;
    const uint8_t *ero;
    size_t ero_size;
    bool has_no_path;
};
size_t scene_reply(uint8_t *to, const struct reply *replies, unsigned count);
/* Has session `number` write what it may ask for now; returns octets. */
size_t scene_put(struct scene *scene, uint32_t number, uint8_t *to, size_t room);
/* Gives it this message. */
void scene_receive(struct scene *scene, uint32_t number, const uint8_t *octets, size_t size);
uint64_t scene_tally(const struct scene *scene, enum tally_kind kind);

#endif
