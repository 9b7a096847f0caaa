/* Constraint: what a link must be for a request to use it, combined once per request so that a
 * search asks one question per link.
 *
 * A search from the destination asks of an edge, which is answered from the snapshot's columns; the
 * record of a link is cold memory.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PATH_CONSTRAINT_H
#define PCED_CORE_PATH_CONSTRAINT_H

#include "core/path/avoid.h"
#include "core/path/residual.h"

struct constraint {
    bool is_trivial; /* every link is admitted */
    bool asks_more;  /* rare: limits_badness, or `residual`, `excluded` or `topology` is there */
    bool limits_badness;  /* badness_max holds */
    uint8_t priority;     /* which unreserved[] counts */
    float bandwidth;      /* octets per second, of what the snapshot says; 0 = none asked */
    uint32_t exclude_any; /* RFC 3209 4.7.4 */
    uint32_t include_any;
    uint32_t include_all;
    enum path_objective objective; /* says what the badness of a link is */
    uint64_t badness_max;
    struct residual *residual;         /* what LSPs leave; NULL: all that the snapshot says */
    float residual_bandwidth;          /* octets per second, of what LSPs leave */
    const struct path_avoid *excluded; /* NULL: nothing is */
    /* The snapshot, where it has nodes that carry no transit or is a flexible algorithm's view;
     * NULL: it has each link for each path. */
    const struct ted_snapshot *topology;
    uint32_t source, destination; /* which no node of the two above counts as */
};

struct constraint constraint_of_request(const struct path_request *request);

/* How bad a link is for a worst-link objective (RFC 5541 4: MLP, MBP): a number that is greater the
 * worse the link is, and that keeps the order of the floating-point values. unreserved: at the
 * constraint's priority. */
uint64_t constraint_badness(const struct constraint *constraint, float unreserved, float capacity);

/* From now on only links that are at most so bad are admitted. */
void constraint_limit_badness(struct constraint *constraint, uint64_t badness_max);

/* From now on links of overloaded nodes are admitted at the source alone: such a node is reached, and
 * not passed (RFC 9552 5.3.1.1). Of a flexible algorithm's view no link that it is without. */
void constraint_set_topology(struct constraint *constraint, const struct ted_snapshot *snapshot);

/* The bits of enum path_constraint that the request's links are tested for. */
uint32_t constraint_asked(const struct path_request *request);

/* From now on bandwidth is asked of what LSPs leave. */
void constraint_show_residual(struct constraint *constraint, struct residual *residual);

/* What asks_more is about, of a link and of a reverse edge. Not inline: the inner loops of most
 * requests do without it, and are the shorter for that. */
bool constraint_admits_more(const struct constraint *constraint, const struct ted_link *link);
bool constraint_admits_more_edge(const struct constraint *constraint,
                                 const struct ted_columns *columns, uint32_t edge);

static inline bool constraint_admits_values(const struct constraint *constraint,
                                            uint32_t admin_group, float unreserved)
{
    if (constraint->bandwidth > 0 && !(unreserved >= constraint->bandwidth))
        return false;
    if ((admin_group & constraint->exclude_any) != 0)
        return false;
    if (constraint->include_any != 0 && (admin_group & constraint->include_any) == 0)
        return false;
    return (admin_group & constraint->include_all) == constraint->include_all;
}

/* What there is of a link's bandwidth at the constraint's priority. */
static inline float constraint_unreserved(const struct constraint *constraint,
                                          const struct ted_link *link)
{
    struct residual *residual = constraint->residual;
    if (residual == NULL)
        return link->unreserved[constraint->priority];
    return residual_of_link(residual, (uint32_t)(link - residual->snapshot->links));
}

/* The same of a reverse edge, by its place. */
static inline float constraint_unreserved_edge(const struct constraint *constraint,
                                               const struct ted_columns *columns, uint32_t edge)
{
    struct residual *residual = constraint->residual;
    if (residual == NULL)
        return columns->unreserved[constraint->priority][edge];
    return residual_of_link(residual, residual->snapshot->reverse_edges[edge].link);
}

static inline bool constraint_admits(const struct constraint *constraint,
                                     const struct ted_link *link)
{
    if (constraint->is_trivial)
        return true;
    if (!constraint_admits_values(constraint, link->admin_group,
                                  link->unreserved[constraint->priority]))
        return false;
    return !constraint->asks_more || constraint_admits_more(constraint, link);
}

/* The same of a reverse edge, by its place in the columns. */
static inline bool constraint_admits_edge(const struct constraint *constraint,
                                          const struct ted_columns *columns, uint32_t edge)
{
    if (constraint->is_trivial)
        return true;
    if (!constraint_admits_values(constraint, columns->admin_group[edge],
                                  columns->unreserved[constraint->priority][edge]))
        return false;
    return !constraint->asks_more || constraint_admits_more_edge(constraint, columns, edge);
}

#endif
