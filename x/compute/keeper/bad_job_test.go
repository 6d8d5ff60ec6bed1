package keeper_test

import (
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// Each case spoils one thing of a job that would be accepted. The refusal has a
// type, says what would be right, and leaves the state as it was.
func TestOpenJobRefuses(t *testing.T) {
	tooMany := make([]string, types.MaxColumns+1)
	for i := range tooMany {
		tooMany[i] = "c" + strconv.Itoa(i)
	}
	huge := math.NewIntFromBigInt(new(big.Int).Lsh(big.NewInt(1), 200))
	tests := map[string]struct {
		spoil func(m *types.MsgOpenJob)
		want  error
		says  string
	}{
		"not an address":        {func(m *types.MsgOpenJob) { m.Consumer = "alita1" }, types.ErrInvalidAddress, "consumer"},
		"another chain":         {func(m *types.MsgOpenJob) { m.Consumer = "cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu" }, types.ErrInvalidAddress, "prefix"},
		"salt of 15 bytes":      {func(m *types.MsgOpenJob) { m.Salt = m.Salt[1:] }, types.ErrInvalidJob, "salt: expected 16 bytes, got 15"},
		"no salt":               {func(m *types.MsgOpenJob) { m.Salt = nil }, types.ErrInvalidJob, "salt: expected 16 bytes, got 0"},
		"pool 0":                {func(m *types.MsgOpenJob) { m.Spec.PoolId = 0 }, types.ErrInvalidJob, "pool_id: expected at least 1, got 0"},
		"unknown pool":          {func(m *types.MsgOpenJob) { m.Spec.PoolId = 2 }, datapooltypes.ErrPoolNotFound, "2"},
		"unknown program":       {func(m *types.MsgOpenJob) { m.Spec.ProgramId = strings.Repeat("0", 64) }, types.ErrProgramNotFound, "000"},
		"program in upper case": {func(m *types.MsgOpenJob) { m.Spec.ProgramId = strings.ToUpper(m.Spec.ProgramId) }, types.ErrInvalidProgram, "64 lower-case"},
		"no column":             {func(m *types.MsgOpenJob) { m.Spec.Columns = nil }, types.ErrInvalidJob, "1 to 64"},
		"65 columns":            {func(m *types.MsgOpenJob) { m.Spec.Columns = tooMany }, types.ErrInvalidJob, "1 to 64"},
		"empty column":          {func(m *types.MsgOpenJob) { m.Spec.Columns = []string{""} }, types.ErrInvalidJob, "1 to 128"},
		"long column":           {func(m *types.MsgOpenJob) { m.Spec.Columns = []string{strings.Repeat("c", 129)} }, types.ErrInvalidJob, "1 to 128"},
		"column twice":          {func(m *types.MsgOpenJob) { m.Spec.Columns = []string{"a", "b", "a"} }, types.ErrInvalidJob, "each name once"},
		"column not UTF-8":      {func(m *types.MsgOpenJob) { m.Spec.Columns = []string{"\xff"} }, types.ErrInvalidJob, "UTF-8"},
		"column with newline":   {func(m *types.MsgOpenJob) { m.Spec.Columns = []string{"a\nb"} }, types.ErrInvalidJob, "printed characters"},
		"length 0":              {func(m *types.MsgOpenJob) { m.Spec.Length = 0 }, types.ErrInvalidJob, "1 to 4096"},
		"length 4097":           {func(m *types.MsgOpenJob) { m.Spec.Length = 4097 }, types.ErrInvalidJob, "1 to 4096"},
		"length of two columns": {func(m *types.MsgOpenJob) { m.Spec.Length = 6 }, types.ErrInvalidShape, "expected 3 for 1 columns"},
		"input 64 KiB + 1":      {func(m *types.MsgOpenJob) { m.Spec.Input = make([]byte, 65537) }, types.ErrInvalidJob, "at most 65536"},
		"long purpose":          {func(m *types.MsgOpenJob) { m.Spec.Purpose = strings.Repeat("p", 129) }, types.ErrInvalidJob, "at most 128 characters, got 129"},
		"no cohort":             {func(m *types.MsgOpenJob) { m.Spec.MinCohort, m.Spec.MaxCohort = 0, 0 }, types.ErrInvalidCohort, "at least 1"},
		"max below min":         {func(m *types.MsgOpenJob) { m.Spec.MaxCohort = 1 }, types.ErrInvalidCohort, "2 to 1000"},
		"max above 1000":        {func(m *types.MsgOpenJob) { m.Spec.MaxCohort = 1001 }, types.ErrInvalidCohort, "2 to 1000"},
		"price missing":         {func(m *types.MsgOpenJob) { m.Spec.PricePerMop = math.Int{} }, types.ErrInvalidJob, "whole number"},
		"price 0":               {func(m *types.MsgOpenJob) { m.Spec.PricePerMop = math.ZeroInt() }, types.ErrInvalidJob, "at least 1"},
		"price negative":        {func(m *types.MsgOpenJob) { m.Spec.PricePerMop = math.NewInt(-1) }, types.ErrInvalidJob, "at least 0"},
		"price of 201 bits":     {func(m *types.MsgOpenJob) { m.Spec.PricePerMop = huge }, types.ErrInvalidJob, "at most 127"},
		"budget missing":        {func(m *types.MsgOpenJob) { m.Spec.Budget = types.Funds{} }, types.ErrInvalidBudget, "whole number"},
		"budget 0":              {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(0, 80_000) }, types.ErrInvalidBudget, "at least 1"},
		"budget negative":       {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(-1, 80_000) }, types.ErrInvalidBudget, "at least 0"},
		"data negative":         {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(20_000, -1) }, types.ErrInvalidBudget, "at least 0"},
		"budget of 201 bits":    {func(m *types.MsgOpenJob) { m.Spec.Budget.Alita = huge }, types.ErrInvalidBudget, "at most 127"},
		// Two records of one row cost 2 * 358 ualita and 2 * 1432 Data Token units.
		"budget too small":        {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(715, 80_000) }, types.ErrInvalidBudget, "at least 716 ualita"},
		"data too small":          {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(20_000, 2863) }, types.ErrInvalidBudget, "2864 Data Token units"},
		"more ALITA than owned":   {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(100_001, 80_000) }, sdkerrors.ErrInsufficientFunds, "100000ualita"},
		"more data than owned":    {func(m *types.MsgOpenJob) { m.Spec.Budget = types.NewFunds(20_000, 400_001) }, sdkerrors.ErrInsufficientFunds, "400000data/1"},
		"no window":               {func(m *types.MsgOpenJob) { m.Spec.ContributeBlocks = 0 }, types.ErrInvalidWindow, "contribute_blocks: expected 1 to 604800, got 0"},
		"no window for delivery":  {func(m *types.MsgOpenJob) { m.Spec.DeliverBlocks = 0 }, types.ErrInvalidWindow, "deliver_blocks: expected 1 to 604800, got 0"},
		"endless window":          {func(m *types.MsgOpenJob) { m.Spec.ContributeBlocks = 604_801 }, types.ErrInvalidWindow, "604800"},
		"endless delivery":        {func(m *types.MsgOpenJob) { m.Spec.DeliverBlocks = 1<<32 - 1 }, types.ErrInvalidWindow, "604800"},
		"no reader key":           {func(m *types.MsgOpenJob) { m.Spec.ReaderKey = nil }, types.ErrInvalidReaderKey, "expected 1216 bytes, got 0"},
		"reader key a byte short": {func(m *types.MsgOpenJob) { m.Spec.ReaderKey = m.Spec.ReaderKey[1:] }, types.ErrInvalidReaderKey, "expected 1216 bytes"},
		"reader key of 0xff":      {func(m *types.MsgOpenJob) { m.Spec.ReaderKey = []byte(strings.Repeat("\xff", 1216)) }, types.ErrInvalidReaderKey, "expected the encoding of an MLKEM768-X25519 key"},
		"reader key of low order": {func(m *types.MsgOpenJob) {
			m.Spec.ReaderKey = append(m.Spec.ReaderKey[:1184:1184], make([]byte, 32)...)
		}, types.ErrInvalidReaderKey, "order"},
		"no delivery":      {func(m *types.MsgOpenJob) { m.Spec.Delivery = types.DELIVERY_UNSPECIFIED }, types.ErrInvalidDelivery, "DELIVERY_DIRECT"},
		"unknown delivery": {func(m *types.MsgOpenJob) { m.Spec.Delivery = 3 }, types.ErrInvalidDelivery, "DELIVERY_DIRECT"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 100_000, 400_000)
			msg := &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(1), Spec: f.spec()}
			tc.spoil(msg)
			f.requireRefused(t, tc.want, tc.says, func() error {
				_, err := f.msg.OpenJob(f.ctx, msg)
				return err
			})
		})
	}
}

func TestOpenJobRefusesTheSameSaltTwice(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	f.open(consumer, 1, f.spec())
	before := f.state()
	_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(1), Spec: f.spec()})
	require.ErrorIs(t, err, types.ErrJobExists)
	require.True(t, before == f.state(), "the state changed")
	f.open(consumer, 2, f.spec())
}

// A job is refused as long as its pool's Data Token has no price.
func TestOpenJobNeedsAPrice(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	f.market.err = datapooltypes.ErrNoPrice
	before := f.state()
	_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(1), Spec: f.spec()})
	require.ErrorIs(t, err, datapooltypes.ErrNoPrice)
	require.True(t, before == f.state(), "the state changed")
}

// An owner who has made Data Tokens cheap before a job is opened gets no more of them than the job allows: it does not open, and
// nothing is paid.
func TestAttackDumpBeforeAJob(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	spec := f.spec()
	spec.MaxDataPerAlita = f.market.dataPerAlita
	f.open(consumer, 1, spec)
	f.market.dataPerAlita = f.market.dataPerAlita.AddRaw(1)
	before := f.state()
	_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(2), Spec: spec})
	require.ErrorIs(t, err, types.ErrDataPrice)
	require.True(t, before == f.state(), "the state changed")
	for _, none := range []math.Int{{}, math.ZeroInt(), math.NewInt(-1)} {
		spec.MaxDataPerAlita = none
		_, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(2), Spec: spec})
		require.ErrorContains(t, err, "max_data_per_alita")
	}
}

// The state has one spelling of an account, also if a message has another one.
func TestAddressesAreSpelledOneWay(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	res, err := f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: strings.ToUpper(bech(consumer)), Salt: salt(1), Spec: f.spec()})
	require.NoError(t, err)
	require.Equal(t, bech(consumer), f.job(res.JobId).Consumer)
	_, err = f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: strings.ToUpper(bech(consumer)), JobId: res.JobId})
	require.NoError(t, err)
}

func TestCancelJobRefuses(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	job := f.open(consumer, 1, f.spec())
	used := f.open(consumer, 2, f.spec())
	f.contribute(used, f.addRecord("first", account("ada"), 10))
	late := f.spec()
	late.ContributeBlocks = 1
	before := f.state()
	for name, tc := range map[string]struct {
		msg  types.MsgCancelJob
		want error
	}{
		"not the consumer":  {types.MsgCancelJob{Consumer: bech(account("ada")), JobId: job}, types.ErrNotConsumer},
		"not an address":    {types.MsgCancelJob{Consumer: "x", JobId: job}, types.ErrInvalidAddress},
		"unknown job":       {types.MsgCancelJob{Consumer: bech(consumer), JobId: strings.Repeat("0", 32)}, types.ErrJobNotFound},
		"not a job":         {types.MsgCancelJob{Consumer: bech(consumer), JobId: "1"}, types.ErrInvalidJob},
		"has contributions": {types.MsgCancelJob{Consumer: bech(consumer), JobId: used}, types.ErrHasContributions},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.msg.CancelJob(f.ctx, &tc.msg)
			require.ErrorIs(t, err, tc.want)
			require.True(t, before == f.state(), "the state changed")
		})
	}
}
