package e2e_test

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	txsigning "github.com/cosmos/cosmos-sdk/x/tx/signing"

	"github.com/alita-network/alita/analysis"
	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/devnet/localnet"
	"github.com/alita-network/alita/internal/benchtable"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

var (
	crowdOwners = flag.Int("owners", 200, "owners of the crowd")
	writePage   = flag.String("write", "", "page to write the crowd's table to")
)

const (
	// processes of the owners are of their own; the others' workers share the test's.
	processes = 5

	// quietBlocks before and after a job tell the pace of the network when it is asked nothing.
	quietBlocks = 30

	crowdPool = `{
  "symbol": "MASS", "name": "Body mass of penguins", "liquidity_alita": "1000ALITA", "liquidity_data": "100000MASS",
  "reward_budget": "1000MASS", "match": "50%", "maker_allotment": "500MASS", "vesting": "365d", "lock": "180d",
  "fees": {"swap": "0.3%", "maker": "20%", "rewards": "10%"},
  "requirements": {"text": "One row per penguin.", "columns": [{"name": "body_mass_g"}], "min_rows": 1, "open_admission": true}
}`

	// setUpGas is what an owner's registration may take.
	setUpGas = 1_000_000
)

// member is an owner whose worker runs in this process.
type member struct {
	key     *secp256k1.PrivKey
	address sdk.AccAddress
	dir     string
	file    string
	keys    keyfile.Keys
	signer  *chain.Signer
}

// crowd is a network of four validators with seats, and many owners with a record each.
type crowd struct {
	*secureExchange

	masses  []uint64 // of all penguins
	members []*member
	log     string // of all members' workers
}

func newCrowd(t *testing.T, ctx context.Context, n int) *crowd {
	t.Helper()
	dir := t.TempDir()
	c := &crowd{log: filepath.Join(dir, "members.log")}
	s := setup{validators: 4, pause: 500 * time.Millisecond}
	for i := range processes {
		s.owners = append(s.owners, fmt.Sprint("process", i))
	}
	for i := range n - processes {
		m := &member{key: secp256k1.GenPrivKey(), dir: filepath.Join(dir, fmt.Sprint("member", i))}
		m.address, m.file = sdk.AccAddress(m.key.PubKey().Address()), filepath.Join(m.dir, "data.csv")
		require.NoError(t, os.Mkdir(m.dir, 0o700))
		var err error
		m.keys, err = keyfile.Generate()
		require.NoError(t, err)
		m.signer, err = chain.NewSigner(m.keys.Account)
		require.NoError(t, err)
		c.members = append(c.members, m)
		s.funded = append(s.funded, localnet.Funded{Address: m.address.String(), Coins: "100000000ualita"})
	}
	c.secureExchange = seated(newExchange(t, ctx, s))
	c.deal(t)
	return c
}

// deal gives the penguins to the owners in the order of their masses, so that few of an owner's weigh the same.
func (c *crowd) deal(t *testing.T) {
	bz, err := os.ReadFile(testData(t, "penguins.csv"))
	require.NoError(t, err)
	for _, row := range strings.Split(strings.TrimSpace(string(bz)), "\n")[1:] {
		if mass, err := strconv.ParseUint(strings.Split(row, ",")[5], 10, 16); err == nil {
			c.masses = append(c.masses, mass)
		}
	}
	slices.Sort(c.masses)
	var files []string
	for _, o := range c.owners {
		files = append(files, o.File)
	}
	for _, m := range c.members {
		files = append(files, m.file)
	}
	require.Greater(t, len(c.masses), len(files))
	for i, file := range files {
		text := "body_mass_g\n"
		for k := i; k < len(c.masses); k += len(files) {
			text += fmt.Sprintln(c.masses[k])
		}
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
}

// registration is all that a member tells the chain: its worker, who pays for it, its record, and what is allowed on it.
func (m *member) registration() ([]sdk.Msg, error) {
	salt := make([]byte, metadatatypes.SaltSize)
	location := source.Location{Path: m.file, Format: source.CSV}
	rand.Read(salt)
	rand.Read(location.Seed[:])
	committed, err := source.Commit(m.file, source.CSV, location.Seed)
	if err != nil {
		return nil, err
	}
	plain, err := location.Marshal()
	if err != nil {
		return nil, err
	}
	id := metadatatypes.RecordID(m.address, salt)
	sealed, err := seal.Seal(seal.RecordLabel(localnet.ChainID, id, m.address), plain, []seal.PublicKey{m.keys.Reader.Public()})
	if err != nil {
		return nil, err
	}
	grantee, err := sdk.AccAddressFromBech32(m.signer.Address())
	if err != nil {
		return nil, err
	}
	allowance, err := feegrant.NewMsgGrantAllowance(&feegrant.BasicAllowance{}, m.address, grantee)
	if err != nil {
		return nil, err
	}
	return []sdk.Msg{
		&metadatatypes.MsgRegisterWorker{
			Owner: m.address.String(), Worker: m.signer.Address(), PublicKey: m.keys.Reader.Public().Bytes(), Name: "member",
		},
		allowance,
		&metadatatypes.MsgRegisterRecord{Owner: m.address.String(), Salt: salt, PoolId: 1, Content: metadatatypes.VersionContent{
			Version: "1.0.0",
			Dataset: metadatatypes.Dataset{
				Names:        []metadatatypes.LocalizedText{{Language: "en", Text: "Body mass of penguins"}},
				Descriptions: []metadatatypes.LocalizedText{{Language: "en", Text: "Body mass of penguins of the Palmer archipelago, one row for each bird."}},
				License:      "CC0-1.0",
				Columns:      []metadatatypes.Column{{Name: "body_mass_g", Type: datapooltypes.COLUMN_TYPE_INTEGER, Unit: "g"}},
				Files:        []metadatatypes.File{{Name: "data.csv", EncodingFormat: "text/csv", ContentSize: committed.Size, Sha256: committed.SHA256[:]}},
			},
			Commitment: metadatatypes.RowCommitment{Rows: committed.Rows, Root: committed.Root[:]},
			Location:   metadatatypes.NewSealedLocation(sealed),
		}},
		&metadatatypes.MsgGrant{Owner: m.address.String(), RecordId: id, Terms: metadatatypes.GrantTerms{
			Programs: shippedPrograms(), MinCohort: 2, MinPricePerMop: math.NewInt(1),
		}},
	}, nil
}

// shippedPrograms are the ids of the row programs that ship.
func shippedPrograms() (ids []string) {
	for _, p := range programs.Rows() {
		ids = append(ids, p.Hash)
	}
	return ids
}

// register broadcasts everybody's registration and waits until the pool lists all records.
func (c *crowd) register(ctx context.Context) {
	c.t.Helper()
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: txsigning.Options{
			AddressCodec:          address.NewBech32Codec(app.AccountAddressPrefix),
			ValidatorAddressCodec: address.NewBech32Codec(app.AccountAddressPrefix + "valoper"),
		},
	})
	require.NoError(c.t, err)
	config := authtx.NewTxConfig(codec.NewProtoCodec(registry), authtx.DefaultSignModes)
	accounts, txs := authtypes.NewQueryClient(c.conn), txtypes.NewServiceClient(c.conn)
	c.atOnce(len(c.members), func(i int) error {
		m := c.members[i]
		msgs, err := m.registration()
		if err != nil {
			return err
		}
		account, err := accounts.AccountInfo(ctx, &authtypes.QueryAccountInfoRequest{Address: m.address.String()})
		if err != nil {
			return err
		}
		b := config.NewTxBuilder()
		if err := b.SetMsgs(msgs...); err != nil {
			return err
		}
		b.SetGasLimit(setUpGas)
		b.SetFeeAmount(sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, setUpGas/100))) // four times the least price: blocks are full here
		const mode = signing.SignMode_SIGN_MODE_DIRECT
		if err := b.SetSignatures(signing.SignatureV2{PubKey: m.key.PubKey(), Data: &signing.SingleSignatureData{SignMode: mode}}); err != nil {
			return err
		}
		signature, err := clienttx.SignWithPrivKey(ctx, mode, authsigning.SignerData{
			Address: m.address.String(), ChainID: localnet.ChainID, AccountNumber: account.Info.AccountNumber, PubKey: m.key.PubKey(),
		}, b, m.key, config, 0)
		if err != nil {
			return err
		}
		if err := b.SetSignatures(signature); err != nil {
			return err
		}
		raw, err := config.TxEncoder()(b.GetTx())
		if err != nil {
			return err
		}
		res, err := txs.BroadcastTx(ctx, &txtypes.BroadcastTxRequest{TxBytes: raw, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC})
		if err != nil {
			return err
		}
		if res.TxResponse.Code != 0 {
			return errors.New(res.TxResponse.RawLog)
		}
		return nil
	})
	records := metadatatypes.NewQueryClient(c.conn)
	want := len(c.members) + len(c.owners)
	require.NoError(c.t, localnet.Wait(ctx, jobLimit, fmt.Sprintf("%d records", want), func(ctx context.Context) (bool, error) {
		res, err := records.RecordsByPool(ctx, &metadatatypes.QueryRecordsByPoolRequest{
			PoolId: 1, Status: metadatatypes.RECORD_STATUS_ACTIVE, Pagination: &query.PageRequest{Limit: uint64(want)},
		})
		return err == nil && len(res.Records) == want, nil // a listing that meets a commit can fail; the next one does not
	}))
}

// work runs the members' workers, spread over the nodes, until the context ends or stop is called.
func (c *crowd) work(ctx context.Context) (stop func()) {
	c.t.Helper()
	box, err := sandbox.New(ctx, sandbox.Config{CacheDir: filepath.Join(c.t.TempDir(), "cache")})
	require.NoError(c.t, err)
	file, err := os.OpenFile(c.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(c.t, err)
	ctx, cancel := context.WithCancel(ctx)
	errs := make([]error, len(c.members))
	var all sync.WaitGroup
	for i, m := range c.members {
		node := c.net.GRPC(i % c.net.Validators())
		all.Go(func() { errs[i] = m.work(ctx, node, box, file) })
	}
	return sync.OnceFunc(func() {
		cancel()
		all.Wait()
		require.NoError(c.t, errors.Join(errs...))
		require.NoError(c.t, box.Close(context.Background()))
		require.NoError(c.t, file.Close())
	})
}

// work is `alita-worker run` without the command line around it.
func (m *member) work(ctx context.Context, node string, box *sandbox.Sandbox, log io.Writer) (err error) {
	root, _, err := chain.FindRoot(ctx, localnet.ChainID, 0, node)
	if err != nil {
		return err
	}
	policy, err := worker.PolicyFile(worker.Policy{
		ChainID: localnet.ChainID, Node: node, Trust: chain.Trust{Root: root}, Owner: m.address.String(), DataDirs: []string{m.dir}, Programs: shippedPrograms(),
		MinPricePerMop: 1, MinCohort: 2, MinSeats: 3,
	})
	if err != nil {
		return err
	}
	p, err := worker.ParsePolicy(policy)
	if err != nil {
		return err
	}
	connection, err := chain.Connect(p.Endpoints(worker.Home(m.dir).Light()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	client := connection.Client
	journal, err := worker.OpenJournal(worker.Home(m.dir).Journal())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	computer := &worker.Computer{Policy: p, Key: m.keys.Reader, Sandbox: box}
	return worker.New(worker.Config{
		Policy: p, Address: m.signer.Address(), Key: m.keys.Reader.Public(), Chain: connection.State,
		Sender:  &chain.Sender{Client: client, Signer: m.signer, ChainID: p.ChainID, FeeGranter: p.FeeGranter(), GasPrice: p.Fees.GasPrice},
		Compute: computer.Compute, Shares: computer, Journal: journal,
		// All owners share this machine, so a run may take long.
		Speed: worker.Speed{Operations: 10_000_000, Cells: 100_000, Code: 64 << 10, Start: 2_500},
		Log:   slog.New(slog.NewJSONHandler(log, nil)).With("worker", m.signer.Address()),
	}).Run(ctx)
}

// TestCrowd has many owners answer over a network of four validators, and measures what the network does meanwhile.
func TestCrowd(t *testing.T) {
	if !full {
		t.Skip("ALITA_E2E=full runs it")
	}
	ctx := testContext(t)
	begun := time.Now()
	c := newCrowd(t, ctx, *crowdOwners)
	c.open(ctx, crowdPool, "moments_row", "histogram_row")
	c.seat(ctx)
	c.ids = make([]string, len(c.owners))
	c.atOnce(len(c.owners), func(i int) error { return c.join(ctx, i) })
	c.register(ctx)
	c.tx(ctx, "consumer", "datapool", "swap", "MASS", "10ALITA", "--slippage", "2")
	c.newConsumer(ctx, "1000000000ualita,800000000data/1")
	stop := c.work(ctx)
	defer stop()
	t.Logf("set up in %.0f s", time.Since(begun).Seconds())

	// The rows used, 1,020 bins of 4 g, and what lies below and above and is missing, are 1,024 slots.
	bins, length, err := analysis.EncodeHistogram(fixedpoint.Column{Bits: 13}, "2600", "4", 1020)
	require.NoError(t, err)
	counts := make([]int64, 1+length)
	var sum, squares int64
	for _, m := range c.masses {
		sum, squares = sum+int64(m), squares+int64(m*m)
		counts[0]++
		counts[2+(m-2600)/4]++
	}
	passed := []passage{
		c.pass(ctx, programs.MomentsRow(), rawMoments(t, 13), []int64{counts[0], counts[0], sum, squares}, terms.Ranges{
			{Count: 2, High: 1, Variance: 8}, {Count: 1, High: 1 << 13, Variance: 1 << 28}, {Count: 1, High: 1 << 26, Variance: 1 << 54},
		}),
		c.pass(ctx, programs.HistogramRow(), bins, counts, terms.Ranges{{Count: uint32(len(counts)), High: 1, Variance: 4}}),
	}
	stop()
	text := describe(passed)
	fmt.Print(text)
	if *writePage != "" {
		require.NoError(t, benchtable.Replace(*writePage, "network", text))
	}
}

// join has an owner with a process of its own do what the members did, through the command line.
func (c *crowd) join(ctx context.Context, i int) error {
	o := c.owners[i]
	if err := o.Join(ctx, c.net, alitaWorker(), c.net.GRPC(i%c.net.Validators()), append(localnet.ProgramFlags(), "--min-cohort", "2")...); err != nil {
		return err
	}
	made, err := o.Register(ctx, c.net, 1, "--record-version", "1.0.0")
	if err != nil {
		return err
	}
	c.ids[i] = made.RecordID
	if _, err := c.net.Broadcast(ctx, o.Name, "metadata", "grant", made.RecordID,
		`{`+localnet.NamedPrograms()+`,"min_cohort":2,"min_price_per_mop":"1"}`); err != nil {
		return err
	}
	return o.Worker.Start()
}

// passage is what one job did to the network.
type passage struct {
	title         string
	owners, bytes int
	phases        []localnet.Block // the block that began each, from SEATING on, with the name of the phase in names
	names         []string
	accepted      []localnet.Block // for each contribution the block that holds it
	previous      localnet.Block   // the block before the first of them
	before        []localnet.Block
	during        []localnet.Block
	after         []localnet.Block
	refused       int    // messages of members that the chain did not take at once
	load          string // of the machine, at the beginning and at the end
}

// microRho is what each job charges to a record.
const microRho = 500_000

// pass has everybody answer one job, checks the sum, and reads the blocks around it.
func (c *crowd) pass(ctx context.Context, program programs.Program, input []byte, want []int64, ranges terms.Ranges) passage {
	c.t.Helper()
	first := c.height(ctx)
	require.NoError(c.t, c.net.WaitHeight(ctx, first+quietBlocks))
	owners := len(c.owners) + len(c.members)
	bits, err := ranges.Bits(uint64(len(c.masses)/owners + 1))
	require.NoError(c.t, err)
	id := c.openJob(ctx, func(s *computev1.JobSpec) {
		s.ProgramId, s.Columns, s.Input, s.Length = program.Hash, []string{"body_mass_g"}, input, uint32(len(want))
		s.Secure.MicroRho, s.Secure.Bits, s.Secure.Ranges = microRho, bits, nil
		for _, r := range ranges {
			s.Secure.Ranges = append(s.Secure.Ranges, &computev1.SlotRange{Count: r.Count, Low: r.Low, High: r.High, Variance: r.Variance})
		}
		s.MinCohort, s.MaxCohort = uint32(owners), uint32(owners)
		s.Budget = &computev1.Funds{Alita: "20000000", Data: "300000000"}
	})
	out := passage{title: fmt.Sprintf("%s, %s slots of %d bits", program.Name, thousands(int64(len(want))), bits), owners: owners, load: load()}
	job, sums := c.drive(ctx, id, func(ctx context.Context, job computetypes.Job) {
		if job.Status == computetypes.JOB_STATUS_VERIFYING { // what is settled has no shares any more
			res, err := c.query.Shares(ctx, &computetypes.QuerySharesRequest{JobId: id, RecordId: c.ids[0]})
			require.NoError(c.t, err)
			out.bytes = res.Shared.Size()
		}
	})
	out.load += ", " + load()
	out.refused = lines(c.t, c.log, "contribution not taken, will try again", id)
	require.Len(c.t, logged(c.t, c.log, "contributed", id), len(c.members))
	require.Equal(c.t, computetypes.JOB_STATUS_SETTLED, job.Status, job.Failure)
	require.Len(c.t, sums, 1)
	slot := 0
	for _, r := range ranges {
		for range r.Count {
			got, err := strconv.ParseInt(sums[0][slot], 10, 64)
			require.NoError(c.t, err)
			requireNear(c.t, want[slot], got, owners, r.Variance)
			slot++
		}
	}
	require.Empty(c.t, job.Lost)
	end := c.height(ctx)
	require.NoError(c.t, c.net.WaitHeight(ctx, end+quietBlocks))
	blocks, err := c.net.Blocks(ctx, first, end+quietBlocks)
	require.NoError(c.t, err)

	for i, b := range blocks {
		for _, e := range b.Events {
			if e.Attribute("job_id") != id {
				continue
			}
			switch e.Type {
			case "alita.compute.v1.EventJobOpened":
				out.names, out.phases = append(out.names, "opened"), append(out.phases, b)
			case "alita.compute.v1.EventJobAdvanced":
				name := strings.ToLower(strings.TrimPrefix(e.Attribute("status"), "JOB_STATUS_"))
				out.names, out.phases = append(out.names, name), append(out.phases, b)
			case "alita.compute.v1.EventContributed":
				if len(out.accepted) == 0 {
					out.previous = blocks[i-1]
				}
				out.accepted = append(out.accepted, b)
			}
		}
	}
	require.Len(c.t, out.accepted, owners)
	opened, closed := out.phases[0].Height, out.phases[len(out.phases)-1].Height
	for _, b := range blocks {
		switch {
		case b.Height < opened:
			out.before = append(out.before, b)
		case b.Height <= closed:
			out.during = append(out.during, b)
		default:
			out.after = append(out.after, b)
		}
	}
	return out
}

// thousands writes 100000 as 100,000.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// load is the machine's load over a minute, where it tells.
func load() string {
	bz, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(bz))[0]
}

// describe makes a table of Markdown: one column for each job.
func describe(all []passage) string {
	var b strings.Builder
	row := func(name string, cell func(p passage) string) {
		fmt.Fprintf(&b, "| %s |", name)
		for _, p := range all {
			fmt.Fprintf(&b, " %s |", cell(p))
		}
		b.WriteString("\n")
	}
	row("", func(p passage) string { return p.title })
	b.WriteString("|" + strings.Repeat(" --- |", len(all)+1) + "\n")
	row("owners", func(p passage) string { return fmt.Sprint(p.owners) })
	row("shares of one, bytes", func(p passage) string { return thousands(int64(p.bytes)) })
	for i, name := range all[0].names {
		row(name+": block, s after the opening", func(p passage) string {
			at := p.phases[i]
			return fmt.Sprintf("+%d, %.1f s", at.Height-p.phases[0].Height, at.Time.Sub(p.phases[0].Time).Seconds())
		})
	}
	row("contributions a minute", func(p passage) string {
		took := p.accepted[len(p.accepted)-1].Time.Sub(p.previous.Time)
		return thousands(int64(float64(len(p.accepted)) / took.Minutes()))
	})
	row("blocks with contributions", func(p passage) string {
		heights := map[int64]bool{}
		for _, a := range p.accepted {
			heights[a.Height] = true
		}
		return fmt.Sprint(len(heights))
	})
	for _, span := range []struct {
		name   string
		blocks func(p passage) []localnet.Block
	}{
		{"before", func(p passage) []localnet.Block { return p.before }},
		{"during", func(p passage) []localnet.Block { return p.during }},
		{"after", func(p passage) []localnet.Block { return p.after }},
	} {
		row("s between blocks "+span.name+": median, 90 %, most", func(p passage) string {
			blocks := span.blocks(p)
			var s []float64
			for i := 1; i < len(blocks); i++ {
				s = append(s, blocks[i].Time.Sub(blocks[i-1].Time).Seconds())
			}
			slices.Sort(s)
			return fmt.Sprintf("%.2f, %.2f, %.2f", benchtable.Median(s), s[(len(s)*9+9)/10-1], s[len(s)-1])
		})
	}
	most := func(p passage, of func(localnet.Block) int64) int64 {
		var m int64
		for _, d := range p.during {
			m = max(m, of(d))
		}
		return m
	}
	row("largest block, bytes", func(p passage) string {
		return thousands(most(p, func(b localnet.Block) int64 { return int64(b.Bytes) }))
	})
	row("most gas of a block, used", func(p passage) string { return thousands(most(p, func(b localnet.Block) int64 { return b.GasUsed })) })
	row("most gas of a block, wanted", func(p passage) string {
		return thousands(most(p, func(b localnet.Block) int64 { return b.GasWanted }))
	})
	row("contributions that were not taken at once", func(p passage) string { return fmt.Sprint(p.refused) })
	row("load of the machine, first and last", func(p passage) string { return p.load })
	fmt.Fprintf(&b, "\n%d cores, %s/%s, %s.\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return b.String()
}
