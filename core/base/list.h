/* Intrusive doubly linked list: a link lives inside the thing that is listed, so that joining and
 * leaving a list allocates nothing and cannot fail.
 *
 * Thread: the owner of the list. Owns: nothing. Bound: none of its own. */
#ifndef PCED_CORE_BASE_LIST_H
#define PCED_CORE_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list_link {
    struct list_link *prev;
    struct list_link *next;
};

/* The thing of the given type whose member is at link. */
#define CONTAINER_OF(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* A head is a link that points to itself; so is a link that is on no list. */
static inline void list_init(struct list_link *link)
{
    link->prev = link;
    link->next = link;
}

static inline bool list_is_empty(const struct list_link *head)
{
    return head->next == head;
}

static inline bool list_is_linked(const struct list_link *link)
{
    return link->next != link;
}

static inline void list_insert_between(struct list_link *link, struct list_link *prev,
                                       struct list_link *next)
{
    link->prev = prev;
    link->next = next;
    prev->next = link;
    next->prev = link;
}

static inline void list_push_front(struct list_link *head, struct list_link *link)
{
    list_insert_between(link, head, head->next);
}

static inline void list_push_back(struct list_link *head, struct list_link *link)
{
    list_insert_between(link, head->prev, head);
}

/* Leaves whatever list the link is on; harmless when it is on none. */
static inline void list_remove(struct list_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* The first link, taken off the list; NULL when it is empty. */
static inline struct list_link *list_pop_front(struct list_link *head)
{
    if (list_is_empty(head))
        return NULL;
    struct list_link *link = head->next;
    list_remove(link);
    return link;
}

/* Moves all of `from` to the back of `to`; `from` is empty afterwards. */
static inline void list_splice_back(struct list_link *to, struct list_link *from)
{
    if (list_is_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

/* for (struct list_link *l = head.next; l != &head; l = l->next), with the words that matter. */
#define LIST_FOR(link, head)                                                                       \
    for (struct list_link *link = (head)->next; link != (head); link = link->next)

/* The same, for a body that may remove the link it stands on. */
#define LIST_FOR_SAFE(link, following, head)                                                       \
    for (struct list_link *link = (head)->next, *following = link->next; link != (head);           \
         link = following, following = link->next)

#endif
