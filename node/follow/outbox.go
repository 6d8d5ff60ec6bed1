package follow

import (
	"context"
	"errors"
	"log/slog"
	"maps"

	"google.golang.org/protobuf/proto"

	"github.com/alita-network/alita/node/chain"
)

// Sender sends one account's transactions. *chain.Sender implements it.
type Sender interface {
	Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error)
}

// Outbox sends messages. The key K names what a message is about. After refusals by the chain, the attempts for one key are
// 1, 2, 4, ... blocks apart, up to a bound.
type Outbox[K comparable] struct {
	sender  Sender
	log     *slog.Logger
	maxWait int64
	refused map[K]refusal
	shown   map[K]int64 // the height from which the state shows what was sent
}

// refusal is why the chain did not take a message, and when it is tried again.
type refusal struct {
	next, wait int64 // a height, and blocks
	reason     string
	err        error
}

// NewOutbox returns an outbox that waits at most maxWait blocks after a refusal.
func NewOutbox[K comparable](sender Sender, log *slog.Logger, maxWait int64) *Outbox[K] {
	return &Outbox[K]{sender: sender, log: log, maxWait: maxWait, refused: map[K]refusal{}, shown: map[K]int64{}}
}

// Message is a message to send.
type Message[K comparable] struct {
	Key    K
	Body   proto.Message
	Limits chain.Limits
	Name   string // of the message, in the log
	Attrs  []any  // of the log
}

// Waits reports whether the last refusal for a key is too recent for another attempt.
func (o *Outbox[K]) Waits(k K, height int64) bool { return height < o.refused[k].next }

// Send sends a message, unless its key Waits or the chain has passed the last block in which it makes sense. ok reports
// whether a block holds it. A refusal is logged once and not an error; after an error of the connection the chain may
// still take the message.
func (o *Outbox[K]) Send(ctx context.Context, height int64, m Message[K]) (res chain.TxResult, ok bool, err error) {
	if o.Waits(m.Key, height) || height >= m.Limits.NotAfter {
		return chain.TxResult{}, false, nil
	}
	res, err = o.sender.Send(ctx, m.Body, m.Limits)
	if err == nil {
		o.Forget(m.Key)
		o.shown[m.Key] = min(res.Height, height+maxBehind)
		return res, true, nil
	}
	var refused *chain.TxError
	if !errors.As(err, &refused) && !errors.Is(err, chain.ErrExpired) {
		return chain.TxResult{}, false, err
	}
	r := o.refused[m.Key]
	r.wait = min(max(1, 2*r.wait), o.maxWait)
	r.next = height + r.wait
	if r.reason != err.Error() {
		r.reason = err.Error()
		o.log.Warn(m.Name+" not taken, will try again", append(m.Attrs, "error", r.reason)...)
	}
	r.err = err
	o.refused[m.Key] = r
	return chain.TxResult{}, false, nil
}

// Refusal is why what was sent about a key last was not taken, nil if it was.
func (o *Outbox[K]) Refusal(k K) error { return o.refused[k].err }

// maxBehind bounds the blocks that Shown waits for: the height of a block that took a message is the node's word.
const maxBehind = 32

// Shown reports whether the state at the end of a height shows what was sent about a key last. A proved state is a block behind the
// newest one.
func (o *Outbox[K]) Shown(k K, height int64) bool { return height >= o.ShownFrom(k) }

// ShownFrom is the height from which the state shows what was sent about a key last; 0 if nothing was.
func (o *Outbox[K]) ShownFrom(k K) int64 { return o.shown[k] }

// Forget drops what is known of a refusal.
func (o *Outbox[K]) Forget(k K) { delete(o.refused, k) }

// Retain drops what is known of the keys that are not needed.
func (o *Outbox[K]) Retain(needed func(K) bool) {
	maps.DeleteFunc(o.refused, func(k K, _ refusal) bool { return !needed(k) })
	maps.DeleteFunc(o.shown, func(k K, _ int64) bool { return !needed(k) })
}

// Reset drops everything: the heights begin again.
func (o *Outbox[K]) Reset() {
	clear(o.refused)
	clear(o.shown)
}
