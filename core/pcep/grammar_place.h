/* Grammar's places for faults: what is wrong with one section of a message, gathered in the arena.
 *
 * Thread: any. Owns: nothing. Bound: PCEP_SECTION_FAULTS_MAX faults; more are not listed. */
#ifndef PCED_CORE_PCEP_GRAMMAR_PLACE_H
#define PCED_CORE_PCEP_GRAMMAR_PLACE_H

#include "core/pcep/error.h"
#include "core/pcep/grammar.h"
#include "core/pcep/grammar_table.h"

struct fault_place {
    struct arena *arena;
    struct pcep_fault *faults; /* made when the first fault comes */
    uint32_t count;
    bool is_full; /* the arena refused */
    bool heeds_p; /* the P flag means something: in requests alone */
    uint8_t id_kind;
    uint32_t id;
};

/* One more fault, of scope REQUEST. */
void grammar_refuse(struct fault_place *place, enum pcep_error_code error, uint32_t offset,
                    const char *reason);
/* Whether an object is to be taken: a fault where it is malformed, or where it is not of these
 * classes and has its P flag set in a message that heeds it (RFC 5440 7.2). */
bool grammar_accept(const struct pcep_object *object, class_set classes, struct fault_place *place);
/* A fault for each thing that is demanded and that the run, of whose classes these are present, has
 * not. */
void grammar_check_required(const struct grammar_demands *demands, const struct grammar_run *run,
                            class_set present, struct fault_place *place);
/* What the values of a section's objects say together (RFC 5440 7.4, RFC 8281 5.3 …). */
void grammar_check_values(const struct grammar_run *run, class_set present,
                          struct fault_place *place);
/* The same of what later documents add: GMPLS, flow specifications, schedules, native IP. */
void grammar_check_extensions(const struct grammar_run *run, struct fault_place *place);
/* What a PATH-SETUP-TYPE-CAPABILITY that lists native IP must have beside it (RFC 9757 4.1). */
void grammar_check_native_ip(const struct pcep_tlv *setup_types, struct fault_place *place);
/* The same of an Open message (RFC 8664 4.1.2, RFC 8697 3.4 …). */
void grammar_check_open(const struct grammar_run *run, struct fault_place *place);
/* Values out of their range, anywhere in the message. A handler judges those that it acts on. */
void grammar_check_ranges(const struct grammar_run *run, struct pcep_fault *fault);

#endif
