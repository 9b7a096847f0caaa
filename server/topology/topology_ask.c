/* Questions and orders of operators: to whom they go. */
#include "server/topology/ask.h"

#include "io/os/clock.h"
#include "io/share/mailbox.h"
#include "server/topology/speaker_ask.h"
#include "server/topology/topology_impl.h"

void topology_answer_ask(struct topology *topology, struct topology_ask *ask)
{
    ask->count = 0;
    switch (ask->what) {
    case TOPOLOGY_ASK_SOURCE_SET:
    case TOPOLOGY_ASK_SOURCE_CHANGE:
    case TOPOLOGY_ASK_SOURCE_DELETE:
        api_order_begin(topology, ask);
        return;
    case TOPOLOGY_ASK_SOURCES:
        api_sources_show(&topology->api, ask);
        break;
    default:
        speaker_answer(topology->ring == NULL ? NULL : &topology->speaker, ask, clock_now());
        break;
    }
    topology_hand_back(topology, ask);
}

enum pce_status topology_ask(struct topology *topology, struct topology_ask *ask)
{
    struct mail mail = {.kind = TOPOLOGY_MAIL_ASK};
    mail.pointers[0] = ask;
    return mailbox_post(topology->mailbox, &mail, NULL);
}
