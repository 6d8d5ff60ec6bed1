package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/alita-network/alita/devnet/audit"
	"github.com/alita-network/alita/devnet/localnet"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/testutil/canary"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const poolFile = `{
  "symbol": "LIGHT", "name": "Speed of light", "liquidity_alita": "1000ALITA", "liquidity_data": "100000LIGHT",
  "reward_budget": "1000LIGHT", "reward_per_record": "100LIGHT", "maker_allotment": "500LIGHT", "vesting": "365d", "lock": "180d",
  "fees": {"swap": "0.3%", "maker": "20%", "rewards": "10%"},
  "requirements": {"text": "One row per reading.", "columns": [{"name": "speed_km_s"}], "min_rows": 1}
}`

const document = `{
  "@context": "http://schema.org/", "@type": "Dataset", "name": "Readings of the speed of light",
  "description": "Readings of the speed of light in air, taken in 1879 with a rotating mirror, one row for each reading.",
  "license": "CC0-1.0", "creator": {"@type": "Person", "name": "Albert A. Michelson"}
}`

// exchange is a network on which one collection lives, with every connection
// to the node recorded.
type exchange struct {
	t      *testing.T
	net    *localnet.Network
	conn   *grpc.ClientConn
	rpc    *canary.Proxy
	grpc   *canary.Proxy
	owners []*localnet.Owner
	ids    []string
}

// setup says which network an exchange lives on. The file of each owner lies below a folder of the marker's name.
type setup struct {
	marker     string
	validators int
	owners     []string
	funded     []localnet.Funded
	pause      time.Duration // after a block; 300 ms where zero
}

// threeOwners is a network of several validators whose owners hold Michelson's readings.
func threeOwners(marker string, validators int) setup {
	return setup{marker: marker, validators: validators, owners: []string{"anna", "boris", "clara"}}
}

func newExchange(t *testing.T, ctx context.Context, s setup) *exchange {
	t.Helper()
	dir := t.TempDir()
	e := &exchange{t: t}
	accounts := []localnet.Account{
		{Name: "maker", Coins: "20000000000ualita"}, {Name: "author", Coins: "1000000000ualita"}, {Name: "consumer", Coins: "20000000000ualita"},
	}
	for _, name := range s.owners {
		home := filepath.Join(dir, name, s.marker)
		require.NoError(t, os.MkdirAll(home, 0o700))
		o := &localnet.Owner{Name: name, Dir: filepath.Join(dir, name), File: filepath.Join(home, "data.csv"), Document: filepath.Join(dir, "record.jsonld")}
		e.owners = append(e.owners, o)
		accounts = append(accounts, localnet.Account{Name: name, Coins: "100000000ualita"})
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "record.jsonld"), []byte(document), 0o600))

	if s.pause == 0 {
		s.pause = 300 * time.Millisecond
	}
	var err error
	e.net, err = localnet.Start(ctx, localnet.Config{
		Binary: alitad(), Dir: filepath.Join(dir, "net"), Validators: s.validators, Accounts: accounts, Funded: s.funded, TimeoutCommit: s.pause,
		Genesis: localnet.PanelSlots(terms.PPM), // few rows are asked much
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.stop()) })
	e.rpc, err = canary.NewProxy(strings.TrimPrefix(e.net.RPC(0), "tcp://"))
	require.NoError(t, err)
	e.grpc, err = canary.NewProxy(e.net.GRPC(0))
	require.NoError(t, err)
	e.cli(ctx, "config", "set", "client", "node", "tcp://"+e.rpc.Addr())
	e.conn, err = grpc.NewClient(e.grpc.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	return e
}

// splitRows gives each owner a part of a file, of different sizes.
func (e *exchange) splitRows(path string) {
	bz, err := os.ReadFile(path)
	require.NoError(e.t, err)
	lines := strings.Split(strings.TrimSpace(string(bz)), "\n")
	cuts := []int{1, 61, 71, len(lines)}
	for i, o := range e.owners {
		part := append([]string{lines[0]}, lines[cuts[i]:cuts[i+1]]...)
		require.NoError(e.t, os.WriteFile(o.File, []byte(strings.Join(part, "\n")+"\n"), 0o600))
	}
}

// stop ends everything; it may be called again.
func (e *exchange) stop() error {
	for _, o := range e.owners {
		if err := o.Worker.Stop(); err != nil {
			return err
		}
	}
	return e.net.Stop()
}

func (e *exchange) cli(ctx context.Context, args ...string) []byte {
	e.t.Helper()
	out, err := e.net.CLI(ctx, args...)
	require.NoError(e.t, err)
	return out
}

func (e *exchange) tx(ctx context.Context, from string, args ...string) localnet.TxResult {
	e.t.Helper()
	res, err := e.net.Broadcast(ctx, from, args...)
	require.NoError(e.t, err)
	return res
}

// atOnce does something n times at once.
func (e *exchange) atOnce(n int, do func(i int) error) {
	e.t.Helper()
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	require.NoError(e.t, errors.Join(errs...))
}

// open stores programs and creates the pool.
func (e *exchange) open(ctx context.Context, pool string, programs ...string) {
	path := filepath.Join(e.t.TempDir(), "pool.json")
	require.NoError(e.t, os.WriteFile(path, []byte(pool), 0o600))
	e.atOnce(2, func(i int) error {
		if i == 0 {
			_, err := e.net.Broadcast(ctx, "maker", "datapool", "create-pool", path)
			return err
		}
		for _, name := range programs {
			if _, err := e.net.Broadcast(ctx, "author", "compute", "store-program", "--shipped", name); err != nil {
				return err
			}
		}
		return nil
	})
}

// list has every owner join, register and grant, and the consumer buy Data Tokens.
func (e *exchange) list(ctx context.Context) {
	e.ids = make([]string, len(e.owners))
	e.atOnce(len(e.owners)+1, func(i int) error {
		if i == len(e.owners) {
			_, err := e.net.Broadcast(ctx, "consumer", "datapool", "swap", "LIGHT", "10ALITA", "--slippage", "2")
			return err
		}
		o := e.owners[i]
		if err := o.Join(ctx, e.net, alitaWorker(), e.grpc.Addr(), append(localnet.ProgramFlags(), "--min-cohort", "2", "--panel-class", worker.ClassNamed)...); err != nil {
			return err
		}
		made, err := o.Register(ctx, e.net, 1, "--record-version", "1.0.0")
		if err != nil {
			return err
		}
		e.ids[i] = made.RecordID
		if _, err := e.net.Broadcast(ctx, o.Name, "metadata", "grant", made.RecordID,
			`{`+localnet.NamedPrograms()+`,"individual_results":true,"min_cohort":2,"min_price_per_mop":"1"}`); err != nil {
			return err
		}
		return o.Worker.Start()
	})
}

// admit has the maker admit every record.
func (e *exchange) admit(ctx context.Context) {
	for _, id := range e.ids {
		e.tx(ctx, "maker", "metadata", "admit", id, "1.0.0")
	}
}

// run is `alitad compute run` over the whole pool.
type run struct {
	JobID  string `json:"job_id"`
	Status string `json:"status"`
	Result struct {
		Table struct {
			Rows [][]string `json:"rows"`
		} `json:"table"`
	} `json:"result"`
	Bill struct {
		Operations uint64 `json:"operations"`
		Lines      []struct {
			RecordID   string `json:"record_id"`
			Rows       uint64 `json:"rows"`
			Operations uint64 `json:"operations"`
		} `json:"contributions"`
	} `json:"bill"`
}

// question is the command that asks for the moments of the whole pool.
func (e *exchange) question() []string {
	return []string{
		"compute", "run", "--direct", "--program", "moments", "--pool", "1", "--columns", "speed_km_s", "--price", "1ALITA",
		"--min-cohort", "3", "--contribute-blocks", "1000", "--deliver-blocks", "1000", "--from", "consumer", "--yes", "--output", "json",
	}
}

func (e *exchange) ask(ctx context.Context) run {
	e.t.Helper()
	out := e.cli(ctx, e.question()...)
	var r run
	require.NoError(e.t, json.Unmarshal(out, &r), string(out))
	return r
}

func TestExchange(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	marker, err := canary.New()
	require.NoError(t, err)
	e := newExchange(t, ctx, threeOwners(marker.String(), 1))
	e.splitRows(testData(t, "michelson.csv"))
	e.open(ctx, poolFile, "moments")
	e.list(ctx)
	e.admit(ctx)
	answer := e.ask(ctx)

	t.Run("answer", func(t *testing.T) {
		require.Equal(t, "settled", answer.Status)
		require.Equal(t, []string{"speed_km_s", "100", "29985240", "299852.4", "79.0105478190518"}, answer.Result.Table.Rows[0][:5])
		for _, l := range answer.Bill.Lines {
			for i, o := range e.owners {
				if e.ids[i] == l.RecordID {
					rows, operations, err := o.Worker.Metered(answer.JobID)
					require.NoError(t, err)
					require.Equal(t, l.Rows, rows)
					require.Equal(t, l.Operations, operations)
				}
			}
		}
		require.Len(t, answer.Bill.Lines, 3)
	})
	t.Run("command line", func(t *testing.T) { e.checkCLI(ctx, t) })
	t.Run("gRPC", func(t *testing.T) { e.checkGRPC(ctx, t, answer.JobID) })
	t.Run("REST", func(t *testing.T) { e.checkREST(ctx, t, answer.JobID) })
	t.Run("market", func(t *testing.T) { e.checkMarket(ctx, t) })
	t.Run("workers crash", func(t *testing.T) { e.checkCrashes(ctx, t) })
	t.Run("audit", func(t *testing.T) {
		height, err := e.net.Height(ctx)
		require.NoError(t, err)
		auditor := audit.New(e.conn, "alita", "ualita")
		for h := int64(1); h < height; h++ {
			_, err := auditor.At(ctx, h)
			require.NoError(t, err)
		}
	})
	t.Run("export and import", func(t *testing.T) { e.checkExport(ctx, t, answer.JobID) })
	t.Run("canary", func(t *testing.T) { e.checkCanary(t, marker) })
}

// checkCLI asks as a person does. The home holds the node's own files, whose keys
// the command line takes for flags of the same name.
func (e *exchange) checkCLI(ctx context.Context, t *testing.T) {
	for profile, term := range map[string]string{"schema.org": "Dataset", "croissant": "conformsTo", "dcat": "dcat"} {
		doc := e.cli(ctx, "query", "metadata", "jsonld", e.ids[0], "--profile", profile)
		require.True(t, json.Valid(doc), string(doc))
		require.Contains(t, string(doc), term)
	}
	require.Contains(t, string(e.cli(ctx, "query", "datapool", "stats", "1")), "symbol: LIGHT")
	made, err := e.owners[0].Register(ctx, e.net, 1)
	require.NoError(t, err)
	require.Equal(t, "1.0.0", made.Version)
}

// checkGRPC asks each module for what the command line has made.
func (e *exchange) checkGRPC(ctx context.Context, t *testing.T, job string) {
	pool, err := datapooltypes.NewQueryClient(e.conn).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: 1})
	require.NoError(t, err)
	require.Equal(t, "LIGHT", pool.Pool.Symbol)
	require.EqualValues(t, 1, pool.Pool.Swaps)
	record, err := metadatatypes.NewQueryClient(e.conn).Record(ctx, &metadatatypes.QueryRecordRequest{RecordId: e.ids[0]})
	require.NoError(t, err)
	require.Equal(t, metadatatypes.RECORD_STATUS_ACTIVE, record.Record.Status)
	require.EqualValues(t, 60, record.Version.Content.Commitment.Rows)
	res, err := computetypes.NewQueryClient(e.conn).Job(ctx, &computetypes.QueryJobRequest{JobId: job})
	require.NoError(t, err)
	require.EqualValues(t, 3, res.Job.DeliveredOwners)
	require.Equal(t, res.Job.Spec.Budget, computetypes.Funds{
		Alita: res.Job.Paid.Alita.Add(res.Job.Refunded.Alita), Data: res.Job.Paid.Data.Add(res.Job.Refunded.Data),
	})
}

// checkREST asks the gateway, which also serves the document of its own interface.
func (e *exchange) checkREST(ctx context.Context, t *testing.T, job string) {
	var stats datapooltypes.QueryPoolStatsResponse
	require.NoError(t, e.net.Get(ctx, "/alita/datapool/v1/pools/1/stats", &struct {
		Symbol *string `json:"symbol"`
	}{&stats.Symbol}))
	require.Equal(t, "LIGHT", stats.Symbol)
	for _, profile := range []string{"schema.org", "croissant", "dcat"} {
		var doc struct {
			Document string `json:"document"`
		}
		require.NoError(t, e.net.Get(ctx, "/alita/metadata/v1/records/"+e.ids[0]+"/jsonld?profile="+profile, &doc))
		require.True(t, json.Valid([]byte(doc.Document)), profile)
	}
	var contributions struct {
		Contributions []json.RawMessage `json:"contributions"`
	}
	require.NoError(t, e.net.Get(ctx, "/alita/compute/v1/jobs/"+job+"/contributions", &contributions))
	require.Len(t, contributions.Contributions, 3)
	err := e.net.Get(ctx, "/alita/compute/v1/jobs/"+strings.Repeat("0", 32), &contributions)
	require.ErrorContains(t, err, "404")
}

// answers are the answers to every query of our modules that does not depend on the time of asking.
func (e *exchange) answers(ctx context.Context, t *testing.T, job string) map[string]string {
	t.Helper()
	paths := []string{
		"/alita/datapool/v1/params", "/alita/datapool/v1/pools", "/alita/datapool/v1/pools/1", "/alita/datapool/v1/pools/1/stats",
		"/alita/datapool/v1/makers/" + e.net.Address("maker") + "/pools", "/alita/datapool/v1/pool_by_denom?denom=data/1",
		"/alita/datapool/v1/pools/1/quote/swap_exact_in?token_in=1000000ualita",
		"/alita/datapool/v1/pools/1/quote/swap_exact_out?token_out=1000000data/1",
		"/alita/datapool/v1/pools/1/quote/add_liquidity?max_alita=1000000&max_data=100000000",
		"/alita/datapool/v1/pools/1/quote/remove_liquidity?shares=1000000",
		"/alita/datapool/v1/pools/1/quote/add_liquidity_single?token_in=1000000ualita",
		"/alita/datapool/v1/pools/1/quote/remove_liquidity_single?shares=1000000&denom_out=data/1",
		"/alita/datapool/v1/quote/swap_route_exact_in?token_in=1000000data/1&denom_out=data/2",
		"/alita/datapool/v1/quote/swap_route_exact_out?denom_in=data/1&token_out=1000000data/2",
		"/alita/datapool/v1/pools/1/candles", "/alita/datapool/v1/pools/2/candles?interval=2",
		"/alita/metadata/v1/params", "/alita/metadata/v1/pools/1/records",
		"/alita/compute/v1/params", "/alita/compute/v1/programs", "/alita/compute/v1/pools/1/jobs", "/alita/compute/v1/jobs/" + job,
		"/alita/compute/v1/jobs/" + job + "/contributions", "/alita/compute/v1/consumers/" + e.net.Address("consumer") + "/jobs",
		"/cosmos/bank/v1beta1/supply/by_denom?denom=data/1", "/cosmos/bank/v1beta1/supply/by_denom?denom=share/1",
		"/cosmos/bank/v1beta1/denoms_metadata",
	}
	for i, o := range e.owners {
		id := e.ids[i]
		paths = append(paths,
			"/alita/metadata/v1/records/"+id, "/alita/metadata/v1/records/"+id+"/versions", "/alita/metadata/v1/records/"+id+"/versions/1.0.0",
			"/alita/metadata/v1/records/"+id+"/jsonld?profile=croissant", "/alita/metadata/v1/records/"+id+"/grants",
			"/alita/metadata/v1/records/"+id+"/grants/1", "/alita/metadata/v1/owners/"+e.net.Address(o.Name)+"/records",
			"/alita/metadata/v1/owners/"+e.net.Address(o.Name)+"/workers", "/alita/metadata/v1/workers/"+o.Worker.Address,
			"/alita/compute/v1/jobs/"+job+"/contributions/"+id, "/alita/compute/v1/jobs/"+job+"/deliveries/"+id,
			"/cosmos/bank/v1beta1/balances/"+e.net.Address(o.Name),
		)
	}
	all := map[string]string{}
	for _, path := range paths {
		var answer any
		require.NoError(t, e.net.Get(ctx, path, &answer), path)
		bz, err := json.Marshal(answer) // sorts the keys
		require.NoError(t, err)
		all[path] = string(bz)
	}
	return all
}

// checkCrashes kills the workers, one after the other and again, while jobs run:
// no contribution is lost and none is made twice.
func (e *exchange) checkCrashes(ctx context.Context, t *testing.T) {
	jobs, most := 1, 4
	if full {
		jobs, most = 6, 6
	}
	kills := 0
	for range jobs {
		answered := make(chan run, 1)
		go func() {
			var r run
			defer func() { answered <- r }()
			out, err := e.net.CLI(ctx, e.question()...)
			if assert.NoError(t, err) {
				assert.NoError(t, json.Unmarshal(out, &r))
			}
		}()
		// One is killed as soon as the one before is at work again: the job comes to its end however slowly they start.
		for i := range most {
			o := e.owners[i%len(e.owners)]
			require.NoError(t, o.Worker.Kill())
			began := lines(t, o.Worker.LogFile(), "registered", "")
			require.NoError(t, o.Worker.Start())
			kills++
			require.NoError(t, localnet.Wait(ctx, jobLimit, "the worker of "+o.Name, func(context.Context) (bool, error) {
				return lines(t, o.Worker.LogFile(), "registered", "") > began, nil
			}))
		}
		answer := <-answered
		require.Equal(t, "settled", answer.Status)
		require.Equal(t, []string{"speed_km_s", "100", "29985240"}, answer.Result.Table.Rows[0][:3])
	}
	t.Logf("%d jobs, %d workers killed", jobs, kills)
}

// checkExport starts the network again from an export of its state.
func (e *exchange) checkExport(ctx context.Context, t *testing.T, job string) {
	for _, o := range e.owners {
		require.NoError(t, o.Worker.Stop())
	}
	before := e.answers(ctx, t, job)
	require.NoError(t, e.net.Stop())
	e.checkLogs(t)
	genesis := filepath.Join(t.TempDir(), "genesis.json")
	require.NoError(t, e.net.Export(ctx, genesis))
	e.cli(ctx, "genesis", "validate", genesis)
	home := e.net.Home(0)
	require.NoError(t, os.CopyFS(home+"-before", os.DirFS(home)))
	require.NoError(t, e.net.Restart(ctx, genesis))
	require.NoError(t, e.net.WaitHeight(ctx, 2))
	after := e.answers(ctx, t, job)
	for path, want := range before {
		require.Equal(t, want, after[path], path)
	}
	t.Logf("%d queries answer the same after export and import", len(before))
	// The imported chain goes on working.
	for _, o := range e.owners {
		require.NoError(t, o.Worker.Start())
	}
	require.Equal(t, "settled", e.ask(ctx).Status)
}

// checkLogs looks for what a node must never log.
func (e *exchange) checkLogs(t *testing.T) {
	bz, err := os.ReadFile(e.net.LogFile(0))
	require.NoError(t, err)
	for _, bad := range []string{"panic", "CONSENSUS FAILURE", "wrong Block.Header"} {
		require.NotContains(t, string(bz), bad)
	}
}

// checkCanary looks for the location of the data wherever it must not be.
func (e *exchange) checkCanary(t *testing.T, marker canary.Marker) {
	require.NoError(t, e.stop())
	traffic := append(e.rpc.Traffic(), e.grpc.Traffic()...)
	require.NoError(t, e.conn.Close())
	require.NoError(t, e.rpc.Close())
	require.NoError(t, e.grpc.Close())
	require.Greater(t, len(traffic), 100_000, "the traffic was not recorded")
	require.Empty(t, marker.In(traffic), "in the traffic")

	// The record that was registered is in what is searched, so the search would see its location, too.
	witness := canary.Of(e.ids[0])
	require.NotEmpty(t, witness.In(traffic), "the traffic does not show the record")
	for _, home := range []string{e.net.Home(0), e.net.Home(0) + "-before"} {
		found, searched, err := marker.Tree(home)
		require.NoError(t, err)
		require.Empty(t, found, home)
		require.Positive(t, searched.Databases)
		seen, _, err := witness.Tree(home)
		require.NoError(t, err)
		require.NotEmpty(t, seen, "the search does not see the record in %s", home)
		t.Logf("%s: %d files of %d bytes, %d databases with %d entries", filepath.Base(home), searched.Files, searched.Bytes, searched.Databases, searched.Entries)
	}
	logs := []string{e.net.LogFile(0)}
	for _, o := range e.owners {
		logs = append(logs, o.Worker.LogFile())
	}
	for _, path := range logs {
		bz, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Empty(t, marker.In(bz), path)
	}
	t.Logf("%d bytes of traffic and %d logs without the location", len(traffic), len(logs))
}
