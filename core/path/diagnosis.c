#include "core/path/diagnosis.h"

#include "core/base/check.h"
#include "core/path/relax.h"
#include "core/path/solve.h"

struct diagnosis {
    struct path_engine *engine;
    const struct ted_snapshot *snapshot;
    const struct path_request *request;
    uint64_t work;
    uint32_t tries;
    bool is_unsure; /* a computation was given up, which counts as no path */
    uint32_t asked;
    uint32_t bits[RELAX_BITS_MAX];
    uint32_t count;
};

static bool diagnosis_has_path(struct diagnosis *diagnosis, const struct path_request *request)
{
    struct path_engine *engine = diagnosis->engine;
    struct problem problem = problem_of_request(diagnosis->snapshot, request);
    diagnosis->tries++;
    if (engine->is_cut)
        return false;
    engine_show_residual(engine, &problem);
    enum path_outcome outcome = solve(engine, &problem);
    diagnosis->work += engine->work;
    diagnosis->is_unsure |= outcome != PATH_FOUND && outcome != PATH_NONE;
    return outcome == PATH_FOUND;
}

/* Whether it would have a path without these constraints. */
static bool diagnosis_frees(struct diagnosis *diagnosis, uint32_t bits)
{
    struct path_request relaxed = relax_without(diagnosis->request, bits);
    return diagnosis_has_path(diagnosis, &relaxed);
}

static uint32_t diagnosis_singles(struct diagnosis *diagnosis)
{
    uint32_t singles = 0;
    for (uint32_t i = 0; i < diagnosis->count; i++) {
        if (diagnosis_frees(diagnosis, diagnosis->bits[i]))
            singles |= diagnosis->bits[i];
    }
    return singles;
}

/* Those without which all others together do not suffice: every set that frees has them. */
static uint32_t diagnosis_needed(struct diagnosis *diagnosis)
{
    uint32_t needed = 0;
    for (uint32_t i = 0; i < diagnosis->count; i++) {
        if (!diagnosis_frees(diagnosis, diagnosis->asked & ~diagnosis->bits[i]))
            needed |= diagnosis->bits[i];
    }
    return needed;
}

/* The next greater number of as many bits: the order in which sets of one size are tried. */
static uint32_t diagnosis_next_choice(uint32_t choice)
{
    uint32_t low = choice & (~choice + 1), carried = choice + low;
    return carried | ((choice ^ carried) / low) >> 2;
}

static uint32_t diagnosis_bits_of(const uint32_t *bits, uint32_t count, uint32_t choice)
{
    uint32_t set = 0;
    for (uint32_t i = 0; i < count; i++)
        set |= (choice >> i & 1) != 0 ? bits[i] : 0;
    return set;
}

/* The least set that frees: at first those that are needed alone, then with one more … All that was
 * asked, where no smaller one does; 0: there were too many to try. */
static uint32_t diagnosis_least(struct diagnosis *diagnosis)
{
    uint32_t needed = diagnosis_needed(diagnosis), others[RELAX_BITS_MAX];
    uint32_t count = relax_list(diagnosis->asked & ~needed, others);
    CHECK(count < RELAX_BITS_MAX);
    if (count == 0 || (needed != 0 && diagnosis_frees(diagnosis, needed)))
        return needed;
    /* Single ones were tried before. */
    for (uint32_t size = needed == 0 ? 2 : 1; size < count; size++) {
        uint32_t choice = (1u << size) - 1;
        for (; choice < 1u << count; choice = diagnosis_next_choice(choice)) {
            uint32_t set = needed | diagnosis_bits_of(others, count, choice);
            if (diagnosis->tries >= DIAGNOSIS_TRIES_MAX)
                return 0;
            if (diagnosis_frees(diagnosis, set))
                return set;
        }
    }
    return diagnosis->asked;
}

/* A set of which none can be left out, though another one may be smaller. */
static uint32_t diagnosis_shrink(struct diagnosis *diagnosis)
{
    uint32_t set = diagnosis->asked;
    for (uint32_t i = diagnosis->count; i-- > 0;) {
        if (diagnosis_frees(diagnosis, set & ~diagnosis->bits[i]))
            set &= ~diagnosis->bits[i];
    }
    return set;
}

static bool diagnosis_limits_depth(const struct path_request *request)
{
    return request->sids_max != 0 || (request->bound_mask & (1u << PATH_METRIC_SIDS)) != 0;
}

/* SID_DEPTH has stood for the SID list as a whole; it becomes SID_LIST unless a longer list would do.
 * others: what goes besides. */
static uint32_t tell_list_from_depth(struct diagnosis *diagnosis, uint32_t set, uint32_t others)
{
    const struct path_request relaxed = relax_without(diagnosis->request, others);
    if ((set & PATH_CONSTRAINT_SID_DEPTH) == 0 || relaxed.setup == PATH_SETUP_RSVP_TE ||
        relax_is_mandatory(relaxed.protection))
        return set;
    const struct path_request longer = relax_sid_depth(&relaxed);
    if (diagnosis_limits_depth(&relaxed) && diagnosis_has_path(diagnosis, &longer))
        return set;
    return (set & ~(uint32_t)PATH_CONSTRAINT_SID_DEPTH) | PATH_CONSTRAINT_SID_LIST;
}

static void diagnosis_blame(struct diagnosis *diagnosis, struct path_result *result)
{
    if (diagnosis->count == 0)
        return;
    if (!diagnosis_frees(diagnosis, diagnosis->asked)) {
        /* Given up, it does not say that the nodes are not connected. */
        result->blame = diagnosis->is_unsure ? PATH_BLAME_ENOUGH : PATH_BLAME_NONE;
        return;
    }
    uint32_t singles = diagnosis_singles(diagnosis);
    if (singles != 0) {
        result->unsatisfied = tell_list_from_depth(diagnosis, singles, 0);
        result->blame = PATH_BLAME_EACH;
        return;
    }
    uint32_t set = diagnosis_least(diagnosis);
    result->blame = set == 0 || diagnosis->is_unsure ? PATH_BLAME_ENOUGH : PATH_BLAME_LEAST;
    if (set == 0)
        set = diagnosis_shrink(diagnosis);
    result->unsatisfied = tell_list_from_depth(diagnosis, set, set & ~RELAX_FORM);
}

void diagnosis_of_request(struct path_engine *engine, const struct ted_snapshot *snapshot,
                          const struct path_request *request, struct path_result *result)
{
    struct diagnosis diagnosis = {.engine = engine,
                                  .snapshot = snapshot,
                                  .request = request,
                                  .asked = relax_asked(snapshot, request)};
    diagnosis.count = relax_list(diagnosis.asked, diagnosis.bits);
    diagnosis_blame(&diagnosis, result);
    result->work += diagnosis.work;
}
