package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/docs/openapi"
)

func get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := openapi.Handler()
	require.NoError(t, err)
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec
}

func TestDocument(t *testing.T) {
	rec := get(t, "/swagger/openapi.json")
	require.Equal(t, http.StatusOK, rec.Code)
	require.Equal(t, "application/json", rec.Header().Get("Content-Type"))
	var doc struct {
		Swagger     string                     `json:"swagger"`
		Paths       map[string]json.RawMessage `json:"paths"`
		Definitions map[string]json.RawMessage `json:"definitions"`
	}
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &doc))
	require.Equal(t, "2.0", doc.Swagger)
	for _, path := range []string{
		"/alita/datapool/v1/pools", "/cosmos/bank/v1beta1/balances/{address}", "/cosmos/tx/v1beta1/txs",
	} {
		require.Contains(t, doc.Paths, path)
	}
	require.NotContains(t, doc.Paths, "/cosmos/epochs/v1beta1/epochs")

	// Every reference must lead somewhere.
	for _, ref := range regexp.MustCompile(`"#/definitions/([^"]+)"`).FindAllSubmatch(rec.Body.Bytes(), -1) {
		require.Contains(t, doc.Definitions, string(ref[1]))
	}
}

// Generators of clients name functions by ids, and group them by tags.
func TestOperations(t *testing.T) {
	bz, err := openapi.Document()
	require.NoError(t, err)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string   `json:"operationId"`
			Tags        []string `json:"tags"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(bz, &doc))
	used := map[string]string{}
	for path, item := range doc.Paths {
		for verb, operation := range item {
			require.NotContains(t, used, operation.OperationID, "%s %s and %s", verb, path, used[operation.OperationID])
			used[operation.OperationID] = verb + " " + path
			require.Regexp(t, `^[A-Za-z0-9_]+$`, operation.OperationID, path)
			require.Len(t, operation.Tags, 1, path)
		}
	}
	for path, want := range map[string][2]string{
		"/alita/datapool/v1/pools/{pool_id}":              {"datapool_v1_Pool", "datapool"},
		"/alita/compute/v1/params":                        {"compute_v1_Params", "compute"},
		"/alita/metadata/v1/params":                       {"metadata_v1_Params", "metadata"},
		"/cosmos/bank/v1beta1/balances/{address}":         {"bank_v1beta1_AllBalances", "bank"},
		"/cosmos/base/tendermint/v1beta1/blocks/{height}": {"base_tendermint_v1beta1_GetBlockByHeight", "base.tendermint"},
	} {
		got := doc.Paths[path]["get"]
		require.Equal(t, want, [2]string{got.OperationID, got.Tags[0]}, path)
	}
}

func TestPageNeedsNoNetwork(t *testing.T) {
	rec := get(t, "/swagger/")
	require.Equal(t, http.StatusOK, rec.Code)
	require.Contains(t, rec.Header().Get("Content-Type"), "text/html")
	require.NotRegexp(t, `(src|href)="(https?:)?//`, rec.Body.String())
	for _, asset := range regexp.MustCompile(`(?:src|href)="\./([^"]+)"`).FindAllStringSubmatch(rec.Body.String(), -1) {
		require.Equal(t, http.StatusOK, get(t, "/swagger/"+asset[1]).Code, asset[1])
	}
	require.Equal(t, http.StatusNotFound, get(t, "/swagger/nothing.js").Code)
}
