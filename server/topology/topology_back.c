/* Answers to operators, on their way back. */
#include "io/share/mailbox.h"
#include "server/topology/ask.h"
#include "server/topology/topology_impl.h"

void topology_give_back(struct topology *topology)
{
    struct mail mail = {.kind = 0};
    struct topology_ask *ask = topology->answered_ask;
    if (ask == NULL)
        return;
    mail.kind = ask->reply_kind;
    mail.pointers[0] = ask;
    if (mailbox_post(ask->reply_to, &mail, topology->has_ring_failed ? NULL : topology->ring) ==
        PCE_OK)
        topology->answered_ask = NULL;
}

void topology_hand_back(struct topology *topology, struct topology_ask *ask)
{
    CHECK(topology->answered_ask == NULL); /* one question is out at a time */
    topology->answered_ask = ask;
    topology_give_back(topology);
}
