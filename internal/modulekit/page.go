package modulekit

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
)

const (
	// DefaultPage is how many entries a page has if the request does not say.
	DefaultPage = query.DefaultLimit
	// MaxPage is the largest page that a request may ask for.
	MaxPage = 1000
)

// errPageEnds ends a page early.
var errPageEnds = errors.New("the page ends here")

// Paginate returns a page of the entries of a collection whose keys begin with prefix, or of all entries if prefix is
// nil; read turns an entry into an item. The work for a page does not grow with the collection: a page ends, with the key
// of the next one, at its limit or as soon as it has taken half of the gas that the query has. It has at least one item if
// there is one. Only a request that asks for the total counts all entries.
//
// Errors of read are returned as they are; errors of a request that makes no sense have the code InvalidArgument.
func Paginate[K, V any, C query.Collection[K, V], T any](
	ctx context.Context, collection C, prefix *K, req *query.PageRequest, read func(key K, value V) (T, error),
) ([]T, *query.PageResponse, error) {
	var page query.PageRequest
	if req != nil {
		page = *req
	}
	// The SDK counts all entries for a request without a limit.
	if page.Limit == 0 {
		page.Limit = DefaultPage
	}
	if page.Limit > MaxPage {
		return nil, nil, status.Errorf(codes.InvalidArgument, "pagination.limit: expected at most %d, got %d", MaxPage, page.Limit)
	}
	var (
		before []T // what was read so far
		next   K
		failed error
	)
	meter := sdk.UnwrapSDKContext(ctx).GasMeter()
	items, res, err := query.CollectionPaginate(ctx, collection, &page, func(key K, value V) (item T, err error) {
		if len(before) > 0 && meter.GasConsumed() > meter.Limit()/2 {
			next = key
			return item, errPageEnds
		}
		if item, err = read(key, value); err != nil {
			failed = err
			return item, err
		}
		before = append(before, item)
		return item, nil
	}, func(o *query.CollectionsPaginateOptions[K]) { o.Prefix = prefix })
	switch {
	case failed != nil:
		return nil, nil, failed
	case errors.Is(err, errPageEnds):
		key, err := pageKey(collection, prefix, next)
		return before, &query.PageResponse{NextKey: key}, err
	case err != nil:
		return nil, nil, status.Errorf(codes.InvalidArgument, "pagination: %s", err)
	}
	return items, res, nil
}

// pageKey returns the key of a page that begins at next, without the prefix, as query.CollectionPaginate gives and takes it.
func pageKey[K, V any](collection query.Collection[K, V], prefix *K, next K) ([]byte, error) {
	encode := func(key K) ([]byte, error) {
		b := make([]byte, collection.KeyCodec().Size(key))
		_, err := collection.KeyCodec().Encode(b, key)
		return b, err
	}
	key, err := encode(next)
	if err != nil || prefix == nil {
		return key, err
	}
	common, err := encode(*prefix)
	return key[len(common):], err
}
