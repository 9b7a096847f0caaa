#include "server/shard/group_mail.h"

bool group_mail_post(struct mailbox *mailbox, const struct mail *mail, struct ring *ring)
{
    return mailbox_count(mailbox) < GROUP_MAIL_MAX && mailbox_post(mailbox, mail, ring) == PCE_OK;
}
