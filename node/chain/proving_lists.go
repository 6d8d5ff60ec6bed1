package chain

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

const (
	// asking is how many proofs are asked for at a time.
	asking = 8
	// maxListed bounds the entries of a node's list that are proved in one call.
	maxListed = 2000
)

// keptEntry is an entry of a list that was proved to be just what the node says of it.
type keptEntry struct {
	said  [sha256.Size]byte
	value any
}

// fromAny returns the first answer of the node and its witnesses that is no error.
func fromAny[T any](p *Proving, ask func(*Client) (T, error)) (T, error) {
	var errs []error
	for _, c := range append([]*Client{p.Client}, p.others...) {
		answer, err := ask(c)
		if err == nil {
			return answer, nil
		}
		errs = append(errs, err)
	}
	var none T
	return none, errors.Join(errs...)
}

// listed proves what a node lists, in its order. Entries that the state does not hold are left out: they may be newer, older or
// made up, and if there are any, the witnesses' lists are proved as well.
func listed[K comparable, T any](ctx context.Context, p *Proving, list func(*Client) ([]K, error), prove func(context.Context, K) (T, error)) ([]T, error) {
	var errs []error
	var out []T
	answered, seen := false, map[K]bool{}
	for _, c := range append([]*Client{p.Client}, p.others...) {
		ids, err := list(c)
		if err == nil && len(ids) > maxListed {
			err = fmt.Errorf("list: expected at most %d entries, got %d", maxListed, len(ids))
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		var fresh []K
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				fresh = append(fresh, id)
			}
		}
		entries, refuted, err := proveAll(ctx, fresh, prove)
		if err != nil {
			return nil, err
		}
		out, answered = append(out, entries...), true
		if !refuted {
			return out, nil
		}
	}
	if answered {
		return out, nil
	}
	return nil, errors.Join(errs...)
}

// proveAll proves entries, some at a time. refuted reports whether one of them is not in the state.
func proveAll[K, T any](ctx context.Context, ids []K, prove func(context.Context, K) (T, error)) (entries []T, refuted bool, err error) {
	proved, found := make([]T, len(ids)), make([]bool, len(ids))
	group, asked := errgroup.WithContext(ctx)
	group.SetLimit(asking)
	for i, id := range ids {
		group.Go(func() error {
			entry, err := prove(asked, id)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			proved[i], found[i] = entry, err == nil
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	for i := range proved {
		if found[i] {
			entries = append(entries, proved[i])
		}
	}
	return entries, len(entries) < len(ids), nil
}

// remembered proves an entry of a list, unless just what the node says of it was proved before. What is remembered was true at
// an earlier height, and is not what a secret leaves for: Job and Contribution are proved afresh.
func remembered[T any](p *Proving, of string, said T, prove func() (T, error)) (T, error) {
	hash := contentHash(said)
	p.mu.Lock()
	e, ok := p.kept[of]
	p.mu.Unlock()
	if ok && e.said == hash {
		return e.value.(T), nil
	}
	value, err := prove()
	if err != nil {
		return value, err
	}
	if contentHash(value) == hash { // else the node speaks of another height, or lies
		p.mu.Lock()
		p.kept[of] = keptEntry{said: hash, value: value}
		p.mu.Unlock()
	}
	return value, nil
}

// contentHash is equal for answers of equal content.
func contentHash(answer any) [sha256.Size]byte {
	content, err := json.Marshal(answer)
	if err != nil {
		panic(err) // the types of this package can all be encoded
	}
	return sha256.Sum256(content)
}

func idsOf[T any, K comparable](all []T, id func(T) K) []K {
	out := make([]K, len(all))
	for i, v := range all {
		out[i] = id(v)
	}
	return out
}

func keep[T any](all []T, wanted func(T) bool) []T {
	var out []T
	for _, v := range all {
		if wanted(v) {
			out = append(out, v)
		}
	}
	return out
}
