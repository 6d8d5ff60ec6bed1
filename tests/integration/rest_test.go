package integration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/server/api"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/docs/openapi"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// newREST serves a chain as a node does: the gateway asks the gRPC server, and that one the application.
func newREST(t *testing.T, chain *apptest.Chain) *httptest.Server {
	t.Helper()
	cfg := serverconfig.DefaultConfig()
	cfg.API.Swagger = true
	ctx := client.Context{}.WithChainID(apptest.ChainID).WithCodec(chain.App.AppCodec()).
		WithInterfaceRegistry(chain.App.InterfaceRegistry()).WithTxConfig(chain.App.TxConfig())
	chain.App.RegisterTxService(ctx)
	chain.App.RegisterTendermintService(ctx)
	chain.App.RegisterNodeService(ctx, *cfg)
	wire := codec.NewProtoCodec(chain.App.InterfaceRegistry()).GRPCCodec()
	server := grpc.NewServer(grpc.ForceServerCodec(wire))
	chain.App.RegisterGRPCServer(server)
	listener := bufconn.Listen(1 << 20)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:node", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(wire)),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	rest := api.New(ctx.WithGRPCClient(conn), log.NewNopLogger(), server)
	chain.App.RegisterAPIRoutes(rest, cfg.API)
	rest.Router.PathPrefix("/").Handler(rest.GRPCGatewayRouter)
	web := httptest.NewServer(rest.Router)
	t.Cleanup(web.Close)
	return web
}

// schema is a schema of the OpenAPI document, or a parameter.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 string            `json:"type"`
	Enum                 []any             `json:"enum"`
	Items                *schema           `json:"items"`
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
	In                   string            `json:"in"`
	Name                 string            `json:"name"`
}

type document struct {
	Paths map[string]map[string]struct {
		Parameters []schema                           `json:"parameters"`
		Responses  map[string]struct{ Schema schema } `json:"responses"`
	} `json:"paths"`
	Definitions map[string]schema `json:"definitions"`
}

// differences says what of an answer the document does not describe, and what it describes that the answer lacks.
func (d document) differences(s schema, value any, at string) (found []string) {
	if s.Ref != "" {
		name := strings.TrimPrefix(s.Ref, "#/definitions/")
		s = d.Definitions[name]
		if name == "google.protobuf.Any" || s.Properties["@type"].Type != "" || s.Properties["type_url"].Type != "" {
			return nil
		}
	}
	say := func(format string, args ...any) { found = append(found, at+": "+fmt.Sprintf(format, args...)) }
	switch v := value.(type) {
	case nil: // a message or a list that is not there
	case map[string]any:
		if s.Properties["type_url"].Type != "" || s.Properties["@type"].Type != "" {
			return nil
		}
		if s.Type != "object" && s.Type != "" {
			say("expected %s, got an object", s.Type)
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			property, ok := s.Properties[name]
			if !ok {
				say("%s is not in the document", name)
				continue
			}
			found = append(found, d.differences(property, v[name], at+"."+name)...)
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if _, ok := v[name]; !ok {
				say("%s is not in the answer", name)
			}
		}
	case []any:
		if s.Type != "array" {
			say("expected %s, got a list", s.Type)
			return found
		}
		for i, element := range v {
			found = append(found, d.differences(*s.Items, element, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case string:
		if s.Type != "string" {
			say("expected %s, got %q", s.Type, v)
		}
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(v)) {
			say("expected one of %v, got %q", s.Enum, v)
		}
	case float64:
		if s.Type != "integer" && s.Type != "number" {
			say("expected %s, got %v", s.Type, v)
		}
	case bool:
		if s.Type != "boolean" {
			say("expected %s, got %t", s.Type, v)
		}
	}
	return found
}

// pathVariable is a variable part of a path.
var pathVariable = regexp.MustCompile(`\{([^}=]+)(=[^}]*)?\}`)

// capital is a letter before which the SDK's document leaves out an underscore.
var capital = regexp.MustCompile(`[A-Z]`)

// samples are parameters by which each question of the chain's own modules has an answer.
func (l *living) samples(path string) map[string]string {
	all := map[string]string{
		"pool_id": "1", "record_id": l.delivered, "version": "1.0.0", "grant_id": "1", "program_id": l.program, "round": "1",
		"job_id": l.secure, "consumer": consumer.String(), "maker": maker.String(), "owner": l.owners[0].String(),
		"account": l.job(l.secure).Seats[0].Account, "panel_id": l.panel, "address": workerOf(l.owners[0]).String(),
		"token_in": "1000ualita", "token_out": "1000" + datapooltypes.DataDenom(poolID), "shares": "1000", "denom": datapooltypes.DataDenom(poolID),
		"denom_out": app.BaseDenom, "denom_in": app.BaseDenom, "max_alita": "1000000", "max_data": "100000000", "interval": "CANDLE_INTERVAL_HOUR",
		"columns": "1", "length": "3", "min_cohort": "2", "max_seat_fee": "10", "price_per_mop": "2000000", "rounds": "1", "seats": "3",
		"window": "1s", "question": strings.Repeat("0", 64),
		// Of the SDK's modules.
		"validator_address": sdk.ValAddress(apptest.NamedAccount(apptest.ValidatorName).Address()).String(),
		"validator_addr":    sdk.ValAddress(apptest.NamedAccount(apptest.ValidatorName).Address()).String(),
		"delegator_address": apptest.NamedAccount(apptest.ValidatorName).String(), "delegator_addr": apptest.NamedAccount(apptest.ValidatorName).String(),
		"address_string": consumer.String(), "granter": consumer.String(), "grantee": maker.String(), "name": "mint", "params_type": "voting",
	}
	switch {
	case strings.HasSuffix(path, "/twap"):
		all["window"] = "60" // seconds
	case strings.HasPrefix(path, "/cosmos/"):
		all["address"], all["denom"] = consumer.String(), app.BaseDenom
	case strings.Contains(path, "/deliveries/"):
		all["job_id"] = l.direct
	case strings.HasPrefix(path, "/alita/compute/") && strings.Contains(path, "{record_id}"):
		all["record_id"] = l.records[0]
	case strings.Contains(path, "add_liquidity_single"):
		all["token_in"] = "1000ualita"
	}
	return all
}

// ask sends a request; a query for what the document names with samples of all parameters that there are.
func ask(t *testing.T, base, path string, query url.Values) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path+"?"+query.Encode(), nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

// TestRESTServesTheDocument asks a node for every path of its OpenAPI document and compares the answers with it, name by name.
// The document names every path that is served.
func TestRESTServesTheDocument(t *testing.T) {
	l := newLiving(t)
	web := newREST(t, l.Chain)
	bz, err := openapi.Document()
	require.NoError(t, err)
	var doc document
	require.NoError(t, json.Unmarshal(bz, &doc))
	// What a chain of this test cannot answer: there is one pool, no answer of a panel and no denominated route.
	absent := []string{
		"/alita/compute/v1/panel_answers/{question}", "/alita/datapool/v1/quote/swap_route_exact_in", "/alita/datapool/v1/quote/swap_route_exact_out",
	}
	answered := map[string]int{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		get, ok := doc.Paths[path]["get"]
		if !ok {
			continue
		}
		samples, query := l.samples(path), url.Values{}
		concrete := pathVariable.ReplaceAllStringFunc(path, func(variable string) string {
			name := capital.ReplaceAllStringFunc(pathVariable.FindStringSubmatch(variable)[1], func(c string) string { return "_" + strings.ToLower(c) })
			if sample, ok := samples[name]; ok {
				return url.PathEscape(sample)
			}
			return "1"
		})
		for _, parameter := range get.Parameters {
			if sample, ok := samples[parameter.Name]; ok && parameter.In == "query" {
				query.Set(parameter.Name, sample)
			}
		}
		if strings.Contains(path, "/sums/") { // there as soon as all seats have opened
			for seat := 1; seat < len(l.job(l.secure).Seats); seat++ {
				l.openSum(seat)
			}
		}
		status, body := ask(t, web.URL, concrete, query)
		require.NotEqual(t, http.StatusNotImplemented, status, "%s is in the document and not served: %s", path, body)
		own := strings.HasPrefix(path, "/alita/")
		switch {
		case own && !slices.Contains(absent, path):
			require.Equal(t, http.StatusOK, status, "%s?%s: %s", concrete, query.Encode(), body)
		case strings.HasPrefix(path, "/cosmos/base/tendermint/"), strings.HasPrefix(path, "/cosmos/tx/"):
			continue // CometBFT answers
		default: // the SDK's own queries call some bad input an unknown error, which is 500
			require.NotContains(t, body, "panic", path)
		}
		if status != http.StatusOK {
			continue
		}
		var value any
		require.NoError(t, json.Unmarshal([]byte(body), &value))
		different := doc.differences(get.Responses["200"].Schema, value, path)
		if own {
			require.Empty(t, different)
			answered["own"]++
		} else {
			answered["SDK"]++
			for _, text := range different {
				t.Log(text)
			}
			answered["SDK differs"] += min(1, len(different))
		}
		for _, parameter := range get.Parameters {
			for _, name := range parameter.Enum {
				query.Set(parameter.Name, fmt.Sprint(name))
				status, body := ask(t, web.URL, concrete, query)
				require.NotContains(t, body, "parsing", "%s by name: %d", parameter.Name, status)
				require.Less(t, status, 500, "%s=%v: %s", parameter.Name, name, body)
			}
		}
	}
	t.Log(answered)
	require.Greater(t, answered["own"], 40)

	paths := map[string]bool{}
	for path := range doc.Paths {
		paths[pathVariable.ReplaceAllString(path, "{}")] = true
	}
	gogoproto.HybridResolver.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				method := service.Methods().Get(j)
				if l.App.GRPCQueryRouter().Route(fmt.Sprintf("/%s/%s", service.FullName(), method.Name())) == nil {
					continue
				}
				rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
				path := rule.GetGet()
				if path == "" || !served(t, web.URL, path) || paths[pathVariable.ReplaceAllString(path, "{}")] {
					continue
				}
				require.False(t, strings.HasPrefix(path, "/alita/"), "%s is served and not in the document", path)
				t.Logf("%s is served and not in the SDK's document", path)
			}
		}
		return true
	})
}

// served reports whether a path is known, whatever it answers.
func served(t *testing.T, base, path string) bool {
	t.Helper()
	status, _ := ask(t, base, pathVariable.ReplaceAllString(path, "1"), nil)
	return status != http.StatusNotImplemented
}

// TestRESTEnumsByName: a query finds by a name what it finds by the number.
func TestRESTEnumsByName(t *testing.T) {
	l := newLiving(t)
	web := newREST(t, l.Chain)
	for path, values := range map[string][3]string{
		"/alita/datapool/v1/pools/1/candles": {"interval", "CANDLE_INTERVAL_HOUR", "1"},
		"/alita/compute/v1/pools/1/jobs":     {"status", computetypes.JOB_STATUS_AGGREGATING.String(), fmt.Sprint(int32(computetypes.JOB_STATUS_AGGREGATING))},
		"/alita/metadata/v1/pools/1/records": {"status", "RECORD_STATUS_ACTIVE", "2"},
	} {
		status, byName := ask(t, web.URL, path, url.Values{values[0]: {values[1]}})
		require.Equal(t, http.StatusOK, status, byName)
		_, byNumber := ask(t, web.URL, path, url.Values{values[0]: {values[2]}})
		require.Equal(t, byNumber, byName, path)
		status, _ = ask(t, web.URL, path, url.Values{values[0]: {"GOLD"}})
		require.Equal(t, http.StatusBadRequest, status)
	}
}
