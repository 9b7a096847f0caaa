/* Set member: the path of one member around what is decided or placed, and the banks of answers.
 *
 * Thread: the set's. Owns: nothing. Bound: one computation of the engine for each call. */
#ifndef PCED_CORE_PATH_SET_MEMBER_H
#define PCED_CORE_PATH_SET_MEMBER_H

#include "core/path/set_impl.h"

/* Empties set->excluded and set->undesired but for what the member's own request says. false: memory
 * ran out. */
bool set_member_begin(struct path_set *set, uint32_t member);

/* The member keeps off what was in conflict. false: it cannot, as it begins or ends there. */
bool set_member_avoid(struct path_set *set, uint32_t member, const struct set_conflict *conflict);

/* The member keeps off what these links are about, by the diversity, which has links in it: off the
 * links, their nodes, their SRLGs; where links may be shared, it takes as few of them as it can. */
void set_member_avoid_links(struct path_set *set, uint32_t diversity, const uint32_t *links,
                            uint32_t count);

/* Computes the path of the member into *path, with its links in the pool. is_diagnosed: *answer says
 * what is in the way of a path. PATH_FOUND, or why there is none. */
enum path_outcome set_member_compute(struct path_set *set, uint32_t member, bool is_diagnosed,
                                     struct set_path *path, struct path_result *answer);

/* Puts an answer that set_member_compute has just found into a bank. */
void set_member_keep(struct set_bank *bank, uint32_t member, const struct set_path *path,
                     const struct path_result *answer);

void set_bank_clear(struct set_bank *bank);

#endif
