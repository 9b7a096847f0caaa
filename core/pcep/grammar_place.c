#include "core/pcep/grammar_place.h"

#include "core/pcep/error.h"

void grammar_refuse(struct fault_place *place, enum pcep_error_code error, uint32_t offset,
                    const char *reason)
{
    if (place->faults == NULL) {
        place->faults = ARENA_ARRAY(place->arena, struct pcep_fault, PCEP_SECTION_FAULTS_MAX);
        place->is_full |= place->faults == NULL;
    }
    if (place->faults == NULL || place->count == PCEP_SECTION_FAULTS_MAX)
        return;
    place->faults[place->count++] = (struct pcep_fault){
        .scope = PCEP_FAULT_REQUEST,
        .error_type = pcep_error_type(error),
        .error_value = pcep_error_value(error),
        .id_kind = place->id_kind,
        .id = place->id,
        .offset = offset,
        .reason = reason,
    };
}

/* What every object of a section is asked: is it sound, known, and expected here? Gives true when
 * it is to be taken. RFC 5440 7.2: with P set an object that is not is an error, without P it is
 * skipped. */
bool grammar_accept(const struct pcep_object *object, class_set classes, struct fault_place *place)
{
    if (object->fault != NULL) {
        grammar_refuse(place, pcep_fault_error(object->fault), object->fault->offset,
                       object->fault->reason);
        return false;
    }
    if (object->row != NULL && grammar_has_class(classes, object))
        return true;
    if (!place->heeds_p || (object->header_flags & PCEP_OBJECT_FLAG_P) == 0)
        return false;
    if (object->row != NULL)
        grammar_refuse(place, PCEP_ERROR_CLASS_NOT_SUPPORTED, object->offset,
                       "object is not expected here");
    else if (pcep_object_class_is_known(object->class_))
        grammar_refuse(place, PCEP_ERROR_UNKNOWN_TYPE, object->offset, "unknown object type");
    else
        grammar_refuse(place, PCEP_ERROR_UNKNOWN_CLASS, object->offset, "unknown object class");
    return false;
}

/* An object that is malformed is present, too: its own fault says what is wrong with it. */
void grammar_check_required(const struct grammar_demands *demands, const struct grammar_run *run,
                            class_set present, struct fault_place *place)
{
    const uint32_t offset = run->first == run->end ? 0 : run->first->offset;
    for (uint32_t i = 0; i < demands->count; i++) {
        const struct grammar_row *row = demands->rows[i];
        if ((row->classes & present) == 0 && (row->is_needed == NULL || row->is_needed(run)))
            grammar_refuse(place, row->error, offset, row->missing);
    }
}
