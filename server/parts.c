#include "server/parts.h"

#include "server/deletion/deletions.h"
#include "server/intent/intent_part.h"
#include "server/northbound/northbound.h"
#include "server/northbound/path_asking.h"
#include "server/peer/entities.h"
#include "server/peer/handover.h"
#include "server/peer/intake.h"
#include "server/peer/outgoing.h"
#include "server/peer/peer_orders.h"
#include "server/peer/peer_send.h"
#include "server/peer/peers.h"
#include "server/peer/refresh.h"
#include "server/peer/shed.h"
#include "server/peer/throttle.h"
#include "server/shard/groups.h"
#include "server/shard/lsps.h"
#include "server/shard/no_paths.h"
#include "server/shard/reopt.h"
#include "server/shard/requests.h"

/* Whether the shard keeps up is known before peers are told of congestion; answers come first, since what they put into send queues is judged in this turn; who is stalled is
 * ended before the sum of what is pending is looked at. */
const struct shard_part *const server_parts[] = {
    &peers_part,    &outgoing_part,  &handover_part,     &entities_part,   &intake_part,
    &requests_part, &no_paths_part,  &lsps_part,         &reopt_part,      &groups_part,
    &intents_part,  &deletions_part, &orders_part,       &throttle_part,   &refresh_part,
    &stalling_part, &shed_part,      &path_askings_part, &northbound_part, NULL,
};
_Static_assert(sizeof server_parts / sizeof server_parts[0] <= SHARD_PARTS_MAX + 1,
               "too many parts");
