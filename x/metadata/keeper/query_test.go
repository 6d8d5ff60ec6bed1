package keeper_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/x/metadata/types"
)

func grantKey(id string, n uint64) collections.Pair[string, uint64] { return collections.Join(id, n) }

// Pages of one entry add up to the whole list, and the filter by status finds its records.
func TestPages(t *testing.T) {
	w := rich(t)
	pages := func(next func(page *query.PageRequest) (n int, res *query.PageResponse, err error)) int {
		total, key := 0, []byte(nil)
		for {
			n, res, err := next(&query.PageRequest{Key: key, Limit: 1, CountTotal: key == nil})
			require.NoError(t, err)
			require.LessOrEqual(t, n, 1)
			total += n
			if key = res.NextKey; key == nil {
				return total
			}
		}
	}
	byPool := func(status types.RecordStatus) int {
		return pages(func(p *query.PageRequest) (int, *query.PageResponse, error) {
			res, err := w.Query.RecordsByPool(w.Ctx, &types.QueryRecordsByPoolRequest{PoolId: w.pool, Status: status, Pagination: p})
			if err != nil {
				return 0, nil, err
			}
			for _, r := range res.Records {
				require.True(t, status == 0 || r.Status == status)
			}
			return len(res.Records), res.Pagination, nil
		})
	}
	require.Equal(t, 3, byPool(types.RECORD_STATUS_UNSPECIFIED))
	require.Equal(t, 1, byPool(types.RECORD_STATUS_ACTIVE))
	require.Equal(t, 1, byPool(types.RECORD_STATUS_PENDING))
	require.Equal(t, 1, byPool(types.RECORD_STATUS_RETIRED))
	require.Equal(t, 3, pages(func(p *query.PageRequest) (int, *query.PageResponse, error) {
		res, err := w.Query.RecordsByOwner(w.Ctx, &types.QueryRecordsByOwnerRequest{Owner: w.Named("owner"), Pagination: p})
		return len(res.GetRecords()), res.GetPagination(), err
	}))
	require.Equal(t, 2, pages(func(p *query.PageRequest) (int, *query.PageResponse, error) {
		res, err := w.Query.Versions(w.Ctx, &types.QueryVersionsRequest{RecordId: w.active, Pagination: p})
		return len(res.GetVersions()), res.GetPagination(), err
	}))
	require.Equal(t, 1, pages(func(p *query.PageRequest) (int, *query.PageResponse, error) {
		res, err := w.Query.WorkersByOwner(w.Ctx, &types.QueryWorkersByOwnerRequest{Owner: w.Named("owner"), Pagination: p})
		return len(res.GetWorkers()), res.GetPagination(), err
	}))
	require.Equal(t, 2, pages(func(p *query.PageRequest) (int, *query.PageResponse, error) {
		res, err := w.Query.Grants(w.Ctx, &types.QueryGrantsRequest{RecordId: w.active, Pagination: p})
		return len(res.GetGrants()), res.GetPagination(), err
	}))
}

func TestSingleQueries(t *testing.T) {
	w := rich(t)
	version, err := w.Query.Version(w.Ctx, &types.QueryVersionRequest{RecordId: w.active, Version: "1.0.0"})
	require.NoError(t, err)
	require.EqualValues(t, 1, version.Version.Number)
	worker, err := w.Query.Worker(w.Ctx, &types.QueryWorkerRequest{Address: w.Named("worker")})
	require.NoError(t, err)
	require.Equal(t, w.Named("owner"), worker.Worker.Owner)
	grant, err := w.Query.Grant(w.Ctx, &types.QueryGrantRequest{RecordId: w.active, GrantId: 2})
	require.NoError(t, err)
	require.Equal(t, w.Named("consumer"), grant.Grant.Terms.Grantee)
	// A record without an admitted version is shown with its newest one.
	res, err := w.Query.Record(w.Ctx, &types.QueryRecordRequest{RecordId: w.pending})
	require.NoError(t, err)
	require.Equal(t, types.VERSION_STATUS_REFUSED, res.Version.Status)
}

// Every profile of every version is JSON that names the record, and holds no path of the data.
func TestJSONLD(t *testing.T) {
	w := rich(t)
	for _, profile := range []string{"", "schema.org", "croissant", "dcat"} {
		for _, version := range []string{"", "1.0.0", "1.1.0"} {
			res, err := w.Query.JSONLD(w.Ctx, &types.QueryJSONLDRequest{RecordId: w.active, Version: version, Profile: profile})
			require.NoError(t, err)
			require.True(t, json.Valid([]byte(res.Document)))
			require.Contains(t, res.Document, w.active)
			require.Contains(t, res.Document, "CC0-1.0")
			require.NotContains(t, res.Document, "/srv/data")
			want := version
			if want == "" {
				want = "1.1.0"
			}
			require.Contains(t, res.Document, want)
		}
	}
}

func TestQueryStatusCodes(t *testing.T) {
	w := rich(t)
	for name, tc := range map[string]struct {
		do   func() error
		want codes.Code
	}{
		"unknown record": {func() error {
			_, err := w.Query.Record(w.Ctx, &types.QueryRecordRequest{RecordId: unknownRecord})
			return err
		}, codes.NotFound},
		"malformed record": {func() error { _, err := w.Query.Record(w.Ctx, &types.QueryRecordRequest{RecordId: "x"}); return err }, codes.NotFound},
		"no request":       {func() error { _, err := w.Query.Record(w.Ctx, nil); return err }, codes.InvalidArgument},
		"unknown version": {func() error {
			_, err := w.Query.Version(w.Ctx, &types.QueryVersionRequest{RecordId: w.active, Version: "9.9.9"})
			return err
		}, codes.NotFound},
		"version of none": {func() error {
			_, err := w.Query.Version(w.Ctx, &types.QueryVersionRequest{RecordId: unknownRecord, Version: "9.9.9"})
			return err
		}, codes.NotFound},
		"versions of none": {func() error {
			_, err := w.Query.Versions(w.Ctx, &types.QueryVersionsRequest{RecordId: unknownRecord})
			return err
		}, codes.NotFound},
		"document of none": {func() error {
			_, err := w.Query.JSONLD(w.Ctx, &types.QueryJSONLDRequest{RecordId: unknownRecord})
			return err
		}, codes.NotFound},
		"document version": {func() error {
			_, err := w.Query.JSONLD(w.Ctx, &types.QueryJSONLDRequest{RecordId: w.active, Version: "7.0.0"})
			return err
		}, codes.NotFound},
		"unknown profile": {func() error {
			_, err := w.Query.JSONLD(w.Ctx, &types.QueryJSONLDRequest{RecordId: w.active, Profile: "rdf"})
			return err
		}, codes.InvalidArgument},
		"unknown status": {func() error {
			_, err := w.Query.RecordsByPool(w.Ctx, &types.QueryRecordsByPoolRequest{PoolId: w.pool, Status: 9})
			return err
		}, codes.InvalidArgument},
		"unknown pool": {func() error {
			_, err := w.Query.RecordsByPool(w.Ctx, &types.QueryRecordsByPoolRequest{PoolId: 77})
			return err
		}, codes.NotFound},
		"no address": {func() error { _, err := w.Query.RecordsByOwner(w.Ctx, &types.QueryRecordsByOwnerRequest{}); return err }, codes.InvalidArgument},
		"worker unknown": {func() error {
			_, err := w.Query.Worker(w.Ctx, &types.QueryWorkerRequest{Address: w.Named("nobody")})
			return err
		}, codes.NotFound},
		"worker no address": {func() error { _, err := w.Query.Worker(w.Ctx, &types.QueryWorkerRequest{Address: "x"}); return err }, codes.InvalidArgument},
		"grant unknown": {func() error {
			_, err := w.Query.Grant(w.Ctx, &types.QueryGrantRequest{RecordId: w.active, GrantId: 7})
			return err
		}, codes.NotFound},
		"grants of none": {func() error {
			_, err := w.Query.Grants(w.Ctx, &types.QueryGrantsRequest{RecordId: unknownRecord})
			return err
		}, codes.NotFound},
		"offset and key": {func() error {
			_, err := w.Query.RecordsByPool(w.Ctx, &types.QueryRecordsByPoolRequest{PoolId: w.pool, Pagination: &query.PageRequest{Key: []byte{1}, Offset: 1}})
			return err
		}, codes.InvalidArgument},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.do()
			require.Error(t, err)
			require.Equal(t, tc.want, status.Code(err), "%v", err)
		})
	}
	empty, err := w.Query.RecordsByOwner(w.Ctx, &types.QueryRecordsByOwnerRequest{Owner: w.Named("nobody")})
	require.NoError(t, err)
	require.Empty(t, empty.Records)
}
