/* A job as the parts of core/reopt that do it see it: job.c reads what the LSP asks for and has its
 * path computed, job_decide.c decides about that path, job_move.c moves it there; job_group.c does all of it as
 * an LSP's group says.
 *
 * Internal to core/reopt: job.c, job_compute.c, job_lists.c, job_decide.c, job_move.c, job_group.c.
 *
 * Thread: the owning shard. Owns: nothing. Bound: one LSP. */
#ifndef PCED_CORE_REOPT_JOB_IMPL_H
#define PCED_CORE_REOPT_JOB_IMPL_H

#include "core/reopt/adjust.h"
#include "core/reopt/judge.h"
#include "core/reopt/lay_lists.h"
#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"

/* One look at an LSP. */
struct job {
    struct reopt *reopt;
    struct reopt_scene *scene;
    struct lsp *lsp;
    struct lsp_reading reading;
    struct path_request request;
    struct path_reservations reservations;
    struct path_result result;
    enum reopt_cause cause;
    struct judgement judgement; /* of the path that it has */
    bool is_grouped;            /* its path depends on those of other LSPs (group.h) */
    struct wire_span extra;     /* objects that go with the order */
    struct adjustment adjustment;
    bool stays;   /* on its path, with another bandwidth */
    bool is_late; /* `result` is of another network, and laid: late.h */
    bool is_past; /* that there is no path was so of another network */
    /* Of several segment lists the one that the job is about, which is paths and bandwidth of all above;
     * ero NULL: there is one alone. */
    struct lay_list list;
    struct job_lists *lists; /* all of them; NULL: likewise */
    uint8_t list_at;         /* which of them is the job's, from 1; 0: the worst */
    bool is_of_result;       /* others have computed `result` */
};

struct job_lists {
    uint32_t count;
    struct lay_list of[LAY_LISTS_MAX];
    bool is_tried[LAY_LISTS_MAX];
    float bandwidth;  /* of all together */
    bool is_pathless; /* one that carries traffic has no path … */
    bool is_past;     /* … or had none on another network: job.is_past of `none` */
    bool is_cut;      /* one takes more than may be computed here */
    struct lay_moves moves;
    struct path_result results[LAY_LISTS_MAX]; /* of the moves */
    struct path_result none;                   /* of the one without a path */
};

/* The LSP's path is laid; false: no memory. */
bool job_begin(struct job *job);
/* Whether it is ours to move now; one that will be is looked at when it can be. */
bool job_may_move(const struct job *job, uint8_t *sids_max);
/* What it asks for; false: it cannot be computed. */
bool job_read(struct job *job, uint8_t sids_max);
/* Of several segment lists one is taken for the job: the first that is broken, else the one whose turn it is.
 * False: no memory, or they take too much. */
bool job_pick_list(struct job *job);
/* The list of the job gets the path of `result`, laid as reopt->next; false: no memory. */
bool job_move_list(struct job *job);
/* Another list that has failed is the job's from now on, and was computed, as far as that can be here;
 * false: there is none. */
bool job_next_list(struct job *job);
/* Whether the first list that moves has room alone where it is to go; it is the job's from now on. */
bool job_list_has_room(struct job *job);
/* It is another list's turn the next time, where several are alike. */
void job_turn_lists(struct job *job);
void job_put_object(struct wire_writer *writer, const struct pcep_object *object);
/* The numbers of the links that the LSP is to take, with all of its lists, in reopt->numbers[1]; how many. */
uint32_t job_next_numbers(struct job *job);
/* It was asked for the same just now: not again yet. */
bool job_pauses(struct job *job);
/* All lists as they are reported, but for those that move. */
void job_write_lists(const struct job *job, struct wire_writer *writer);
/* The path, within what one turn may take where others may compute it, too; false: that did not do. */
bool job_compute_here(struct job *job);
/* Why it is computed, when the path that it has is judged. */
enum reopt_cause job_cause(const struct job *job);

/* The path that was computed is taken, where that is due. */
void job_decide(struct job *job);
/* Of a path that is not ours to choose: it fits again where it is, or it had to give way. */
void job_settle(struct job *job);
bool job_is_held_down(const struct job *job);
/* job->result, laid; false: it leads elsewhere. */
bool job_lay_next(struct job *job);
/* Whether the LSP has that path. */
bool job_is_same(const struct job *job);
/* The path is reserved and ordered. */
void job_move(struct job *job);
/* It has room for another bandwidth where it is: it is told that, and stays. False: it has not, or
 * needs none. */
bool job_adjust_in_place(struct job *job);
/* A list that carries traffic has no path: told when the other lists have been looked at. */
void job_note_pathless(struct job *job);
/* There is no room for what it requests: it keeps what it has, on a path for that. */
void job_postpone(struct job *job);
/* `result` is that there is no room. */
void job_set_no_room(struct job *job);
/* It needs a path and there is none; it has one again. */
void job_block(struct job *job);
void job_unblock(struct job *job);
/* What an order says of the LSP beside its path. False: it is too long. */
bool job_write_attributes(struct job *job, struct wire_writer *writer);

#endif
