#include "core/requests/errand.h"

#include "core/base/check.h"

#include <stdlib.h>

enum pce_status errands_init(struct errands *errands, struct computation_table *table)
{
    *errands = (struct errands){.table = table};
    list_init(&errands->idle);
    if (table == NULL)
        return PCE_OK;
    errands->all = calloc(ERRANDS_MAX, sizeof *errands->all);
    if (errands->all == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < ERRANDS_MAX; i++)
        list_push_back(&errands->idle, &errands->all[i].link);
    return PCE_OK;
}

/* It waits no more. */
static void errand_end(struct errands *errands, struct errand *errand)
{
    CHECK(errands->count > 0);
    computation_leave(errand->computation, &errand->link);
    errand->computation = NULL;
    errands->count--;
    list_push_front(&errands->idle, &errand->link);
}

void errands_fini(struct errands *errands)
{
    for (uint32_t i = 0; errands->count > 0 && i < ERRANDS_MAX; i++)
        if (errands->all[i].computation != NULL)
            errand_end(errands, &errands->all[i]);
    free(errands->all);
    *errands = (struct errands){0};
    list_init(&errands->idle);
}

bool errands_has_room(const struct errands *errands)
{
    return errands->table != NULL && !list_is_empty(&errands->idle) &&
           computation_has_room(errands->table);
}

static struct errand *errand_of(const struct errands *errands, uint64_t tag)
{
    for (uint32_t i = 0; errands->count > 0 && i < ERRANDS_MAX; i++)
        if (errands->all[i].computation != NULL && errands->all[i].tag == tag)
            return &errands->all[i];
    return NULL;
}

const struct computation *errands_find(const struct errands *errands, uint64_t tag)
{
    const struct errand *errand = errand_of(errands, tag);
    return errand == NULL ? NULL : errand->computation;
}

void errands_forget(struct errands *errands, uint64_t tag)
{
    struct errand *errand = errand_of(errands, tag);
    if (errand != NULL)
        errand_end(errands, errand);
}

/* NULL: nobody takes it now. */
static struct computation *errands_give_away(struct errands *errands,
                                             struct computation *computation)
{
    if (errands->give(errands->owner, computation)) {
        errands->sent++;
        return computation;
    }
    computation_end(errands->table, computation);
    return NULL;
}

static void errands_join(struct errands *errands, uint64_t tag, struct computation *computation)
{
    struct list_link *link = list_pop_front(&errands->idle);
    struct errand *errand = CONTAINER_OF(link, struct errand, link);
    errand->tag = tag;
    errand->computation = computation;
    errands->count++;
    computation_join(computation, &errand->link);
}

/* No state of the account, so that those who are patient share results among each other alone: one
 * of others may come too late again. */
#define PATIENT_ACCOUNT UINT64_MAX

struct errand_question {
    const struct path_request *request;
    uint64_t serial;
    uint64_t account;
    const struct ted_snapshot *patient; /* errands_send_patient; NULL: it is not */
};

static struct computation *errands_begin(struct errands *errands,
                                         const struct errand_question *question)
{
    if (!computation_has_room(errands->table))
        return NULL;
    struct computation *computation =
        computation_begin(errands->table, question->request, question->serial, question->account);
    if (question->patient != NULL)
        computation_be_patient(computation, question->patient);
    return errands_give_away(errands, computation);
}

static enum pce_status errands_ask(struct errands *errands, uint64_t tag,
                                   const struct errand_question *question)
{
    if (errands->table == NULL || list_is_empty(&errands->idle))
        return PCE_LIMIT;
    struct computation *computation =
        computation_find(errands->table, question->request, question->serial, question->account);
    errands->joined += computation != NULL;
    if (computation == NULL)
        computation = errands_begin(errands, question);
    if (computation == NULL)
        return PCE_LIMIT;
    errands_join(errands, tag, computation);
    return PCE_OK;
}

enum pce_status errands_send(struct errands *errands, uint64_t tag,
                             const struct path_request *request, uint64_t serial, uint64_t account)
{
    const struct errand_question question = {request, serial, account, NULL};
    return errands_ask(errands, tag, &question);
}

enum pce_status errands_send_task(struct errands *errands, uint64_t tag,
                                  struct computation_task *task, uint64_t serial, bool is_patient)
{
    if (!errands_has_room(errands)) {
        task->drop(task);
        return PCE_LIMIT;
    }
    struct computation *computation = computation_begin_task(errands->table, task, serial);
    computation->is_patient = is_patient;
    computation = errands_give_away(errands, computation);
    if (computation == NULL)
        return PCE_LIMIT;
    errands_join(errands, tag, computation);
    return PCE_OK;
}

enum pce_status errands_send_patient(struct errands *errands, uint64_t tag,
                                     const struct path_request *request,
                                     const struct ted_snapshot *snapshot)
{
    const struct errand_question question = {request, snapshot->serial, PATIENT_ACCOUNT, snapshot};
    return errands_ask(errands, tag, &question);
}

void errands_on_back(struct errands *errands, struct computation *computation)
{
    computation_finish(errands->table, computation);
}

/* What nobody waits for any more is let go on the way. */
const struct computation *errands_next(struct errands *errands, uint64_t *tag)
{
    struct computation *computation;
    while (errands->table != NULL &&
           (computation = computation_first_done(errands->table)) != NULL) {
        if (list_is_empty(&computation->entries)) {
            computation_end(errands->table, computation);
            continue;
        }
        struct errand *errand = CONTAINER_OF(computation->entries.next, struct errand, link);
        *tag = errand->tag;
        errand_end(errands, errand);
        return computation;
    }
    return NULL;
}

bool errands_is_back(const struct errands *errands)
{
    return errands->table != NULL && computation_first_done(errands->table) != NULL;
}
