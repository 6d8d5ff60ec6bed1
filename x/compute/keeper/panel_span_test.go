package keeper_test

import (
	"flag"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// The span check plays random worlds on the real keepers, notes which contents each opened sum is over, and asks by linear algebra
// whether some combination of the sums is about fewer owners than the threshold. The unknowns are contents: what an owner's rows give to
// a question. A combination discloses a group of owners if it is not zero and every content in it is theirs.

var worlds = flag.Int("worlds", 25, "random worlds of TestPanelSpan")

// prime is above every minor of a matrix of zeros and ones of up to 24 rows, so that ranks are those over the rationals.
const prime = 1<<61 - 1

func mulPrime(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	_, r := bits.Div64(hi%prime, lo, prime)
	return r
}

func inversePrime(a uint64) uint64 {
	r := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			r = mulPrime(r, a)
		}
		a = mulPrime(a, a)
	}
	return r
}

// opened are the sums over one question: each is a set of contents, by owner and root. Another owner who commits to the same root has
// other rows, or has them of the owner, and then it is one of those who work together.
type opened struct {
	index  map[string]int
	owners []string // of the contents, by their number
	sums   [][]int
}

func (o *opened) add(contents map[string]string) {
	if o.index == nil {
		o.index = map[string]int{}
	}
	var sum []int
	for _, root := range sortedKeys(contents) {
		if _, known := o.index[root]; !known {
			o.index[root] = len(o.owners)
			o.owners = append(o.owners, contents[root])
		}
		sum = append(sum, o.index[root])
	}
	o.sums = append(o.sums, sum)
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// rank is the rank of the sums over the contents of the owners that are not left out.
func (o *opened) rank(without ...string) (rank int) {
	rows := make([][]uint64, len(o.sums))
	for i, sum := range o.sums {
		rows[i] = make([]uint64, len(o.owners))
		for _, c := range sum {
			if !slices.Contains(without, o.owners[c]) {
				rows[i][c] = 1
			}
		}
	}
	for column := 0; column < len(o.owners) && rank < len(rows); column++ {
		pivot := slices.IndexFunc(rows[rank:], func(r []uint64) bool { return r[column] != 0 })
		if pivot < 0 {
			continue
		}
		rows[rank], rows[rank+pivot] = rows[rank+pivot], rows[rank]
		inverse := inversePrime(rows[rank][column])
		for _, row := range rows[rank+1:] {
			if row[column] == 0 {
				continue
			}
			factor := mulPrime(row[column], inverse)
			for j := column; j < len(row); j++ {
				row[j] = (row[j] + prime - mulPrime(factor, rows[rank][j])) % prime
			}
		}
		rank++
	}
	return rank
}

// smallest is the smallest group of fewer owners than most that some combination of the sums is about, nil if there is none.
func (o *opened) smallest(most int) []string {
	owners := slices.Compact(slices.Sorted(slices.Values(o.owners)))
	whole := o.rank()
	var try func(group []string, from, size int) []string
	try = func(group []string, from, size int) []string {
		if len(group) == size {
			if o.rank(group...) < whole {
				return slices.Clone(group)
			}
			return nil
		}
		for i := from; i < len(owners); i++ {
			if found := try(append(group, owners[i]), i+1, size); found != nil {
				return found
			}
		}
		return nil
	}
	for size := 1; size < most; size++ {
		if found := try(nil, 0, size); found != nil {
			return found
		}
	}
	return nil
}

// TestSpanCheckFinds checks the check: three sums of which the difference is one owner, and two of which it is three.
func TestSpanCheckFinds(t *testing.T) {
	contents := func(owners ...string) map[string]string {
		m := map[string]string{}
		for _, o := range owners {
			m["root of "+o] = o
		}
		return m
	}
	var o opened
	o.add(contents("a", "b", "c", "d", "e"))
	require.Nil(t, o.smallest(5))
	o.add(contents("a", "b"))
	require.Equal(t, []string{"a", "b"}, o.smallest(3))
	o.add(contents("c", "d"))
	require.Equal(t, []string{"e"}, o.smallest(3))
}

// spanWorld is a random world.
type spanWorld struct {
	*panelFixture
	r       *rand.Rand
	panels  []string
	records map[string][]string // the members of a panel
	used    []string            // contents that were in an edition, or staged
	opened  [2]opened           // by question
	n       int                 // numbers contents
	refused map[string]int
	msgOf   *types.MsgContribute
}

// fresh is a content that nobody had.
func (w *spanWorld) fresh() string {
	w.n++
	return fmt.Sprint("content ", w.n)
}

func (w *spanWorld) open(owners []string, m uint32) {
	var records []string
	for _, o := range owners {
		records = append(records, w.register(o, w.fresh()))
	}
	id := w.found(w.namedTerms(m), records...)
	w.panels = append(w.panels, id)
	w.records[id] = records
}

// atomic runs fn as a transaction: one that fails changes nothing.
func (w *spanWorld) atomic(fn func() error) error {
	before := w.ctx
	cached, write := before.CacheContext()
	w.ctx = cached
	err := fn()
	w.ctx = before
	if err == nil {
		write()
	}
	return err
}

// step does something at random that somebody may try.
func (w *spanWorld) step(m uint32) {
	id := w.somePanel()
	panel := w.panel(id)
	records := w.records[id]
	record := records[w.r.IntN(len(records))]
	switch x := w.r.IntN(20); {
	case x < 8: // a member stages new content
		w.stageAny(record, w.fresh())
	case x < 11 && len(w.used) > 0: // or some that was there before
		w.stageAny(record, w.used[w.r.IntN(len(w.used))])
	case x == 11 && len(w.panels) < 5 && panel.Status == metadatatypes.PANEL_STATUS_ACTIVE:
		w.leave(id, record)
		w.foundAgain(records, record, m)
	case x == 12: // an exact sum outside, of a member or of its rows under another record
		err := w.atomic(func() error { return w.metadata.CheckOutside(w.ctx, record, w.contentOf(record), true) })
		require.ErrorIs(w.t, err, metadatatypes.ErrInPanel)
	default:
		w.ask(id)
	}
}

// somePanel is mostly an active panel, as far as there are some.
func (w *spanWorld) somePanel() string {
	id := w.panels[w.r.IntN(len(w.panels))]
	for range 20 {
		if w.panel(id).Status == metadatatypes.PANEL_STATUS_ACTIVE || w.r.IntN(20) == 0 {
			break
		}
		id = w.panels[w.r.IntN(len(w.panels))]
	}
	return id
}

// contentOf is the admitted version of a record.
func (w *spanWorld) contentOf(record string) metadatatypes.Contributable {
	c, err := w.metadata.Contributable(w.ctx, record)
	require.NoError(w.t, err)
	return c
}

func (w *spanWorld) stageAny(record, content string) {
	err := w.atomic(func() error { return w.stage(record, w.change(record, content)) })
	if err == nil {
		w.used = append(w.used, content)
		return
	}
	w.versions[record]--
	w.refused["staging"]++
}

// foundAgain lets those who were left found another panel: by turns with the old rows under new records, which is refused, and with new ones.
func (w *spanWorld) foundAgain(records []string, gone string, m uint32) {
	var owners []string
	for _, r := range records {
		if r != gone {
			owners = append(owners, w.nameOf(r))
		}
	}
	if len(owners) < int(m) {
		return
	}
	_, err := w.propose(w.namedTerms(m), records...)
	require.ErrorIs(w.t, err, metadatatypes.ErrInPanel)
	err = w.atomic(func() error {
		var again []string
		for _, r := range records {
			if r == gone {
				continue
			}
			admitted := w.contentOf(r)
			version := w.content("1.0.0", w.fresh())
			version.Commitment.Root = admitted.RowRoot
			res, err := w.msgs.RegisterRecord(w.ctx, &metadatatypes.MsgRegisterRecord{Owner: bech(w.ownerOf[r]), Salt: w.salt(), PoolId: poolID, Content: version})
			require.NoError(w.t, err)
			w.ownerOf[res.RecordId] = w.ownerOf[r]
			again = append(again, res.RecordId)
		}
		id, err := w.propose(w.namedTerms(m), again...)
		if err != nil {
			return err
		}
		for _, r := range again {
			if err := w.sign(id, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		w.t.Errorf("the old rows are in another panel")
	}
	w.refused["founding"]++
	w.open(owners, m)
}

func (w *spanWorld) nameOf(record string) string {
	for i := range 100 {
		if w.ownerOf[record].Equals(account(fmt.Sprint("owner", i))) {
			return fmt.Sprint("owner", i)
		}
	}
	return ""
}

// ask runs a job over some panels, in which everything may go wrong, and notes the contents of its sum if it is opened.
func (w *spanWorld) ask(first string) {
	chosen := []string{first}
	for _, id := range w.panels {
		if id != first && w.r.IntN(3) == 0 && (w.panel(id).Status == metadatatypes.PANEL_STATUS_ACTIVE || w.r.IntN(20) == 0) {
			chosen = append(chosen, id)
		}
	}
	spec := w.over(chosen...)
	question := w.r.IntN(2)
	spec.Input = []byte(fmt.Sprint("question ", question))
	var jobID string
	if err := w.atomic(func() (err error) { jobID, err = w.openOver(spec); return err }); err != nil {
		w.refused["opening"]++
		return
	}
	for range 2 {
		w.block()
	}
	w.takeSeats(jobID)
	w.block()
	w.attemptOf(jobID, question)
	require.NoError(w.t, w.keeper.FailJob(w.ctx, jobID))
	w.block()
	require.False(w.t, w.job(jobID).Open())
}

// attemptOf plays the members and the seats of a job.
func (w *spanWorld) attemptOf(jobID string, question int) {
	silent, invalid := w.r.IntN(8) == 0, w.r.IntN(8) == 0
	members := slices.Clone(w.secureFixture.records)
	leaves := w.r.IntN(30 * len(members)) // one of them, before it contributes; mostly none
	for i, r := range members {
		if i == leaves {
			panel := w.panel(w.job(jobID).Spec.Panels[0])
			w.leave(panel.Id, w.records[panel.Id][0])
		}
		if w.r.IntN(4) == 0 { // in the middle of the job
			w.stageAny(r, w.fresh())
		}
		if silent && i == 0 {
			continue
		}
		if err := w.atomic(func() error { _, err := w.msg.Contribute(w.ctx, w.canned(jobID, r)); return err }); err != nil {
			w.refused["contribution"]++
		}
	}
	for w.job(jobID).Status == types.JOB_STATUS_CONTRIBUTING {
		w.block()
	}
	if w.job(jobID).Status != types.JOB_STATUS_VERIFYING {
		require.Equal(w.t, types.FAILURE_REASON_PANEL, w.job(jobID).Failure)
		return
	}
	bad := members[w.r.IntN(len(members))]
	require.NoError(w.t, w.keeper.JudgeAll(w.ctx, jobID, func(r string) bool { return !invalid || r != bad }))
	if w.job(jobID).Status != types.JOB_STATUS_AGGREGATING {
		return
	}
	// The seats open the sum, or the last of them keeps it to itself: it is known in both cases.
	contents := map[string]string{}
	for _, r := range members {
		c, err := w.keeper.Contribution(w.ctx, jobID, r)
		require.NoError(w.t, err)
		if c.Status == types.CONTRIBUTION_STATUS_VALID {
			contents[c.Owner+string(c.Attestation.RowRoot)] = c.Owner
		}
	}
	if len(w.opened[question].sums) < 20 {
		w.opened[question].add(contents)
	}
}

// canned is a contribution of the right form. Its shares are made once and copied: the seats do not look at them.
func (w *spanWorld) canned(jobID, record string) *types.MsgContribute {
	c, err := w.metadata.PanelContributable(w.ctx, w.job(jobID).Spec.Panels, record)
	if err != nil {
		return &types.MsgContribute{Worker: bech(w.consumer)}
	}
	if w.msgOf.Shared == nil {
		*w.msgOf = *w.sharedVector(jobID, slices.Index(w.secureFixture.records, record), vectorOf(record))
	}
	msg := *w.msgOf
	msg.Worker = bech(c.Owner)
	msg.Attestation.JobId, msg.Attestation.RecordId = jobID, record
	msg.Attestation.Version, msg.Attestation.RowRoot = c.Version, c.RowRoot
	return &msg
}

// block ends a block without the invariants, which are checked once a world.
func (w *spanWorld) block() {
	require.NoError(w.t, w.keeper.EndBlock(w.ctx))
	w.ctx = w.ctx.WithBlockHeight(w.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
}

// TestPanelSpan: whatever owners and consumers do, no combination of opened sums is about fewer owners than the threshold. The bound is
// sharp: some are about exactly as many.
func TestPanelSpan(t *testing.T) {
	const m = 3
	sums, sharp := 0, 0
	refused := map[string]int{}
	var msg types.MsgContribute
	for n := range *worlds {
		w := &spanWorld{
			panelFixture: newPanelFixture(t), r: rand.New(rand.NewPCG(3, uint64(n))), records: map[string][]string{}, refused: refused, msgOf: &msg,
		}
		owner := 0
		for range 1 + w.r.IntN(3) {
			var owners []string
			for range m + w.r.IntN(3) {
				owners = append(owners, fmt.Sprint("owner", owner))
				owner++
			}
			w.open(owners, m)
		}
		for range 60 {
			w.step(m)
		}
		require.NoError(t, w.keeper.Invariants(w.ctx))
		require.NoError(t, w.metadata.Invariants(w.ctx))
		found := false
		for q := range w.opened {
			require.Nil(t, w.opened[q].smallest(m), "world %d, question %d: %v", n, q, w.opened[q].sums)
			sums += len(w.opened[q].sums)
			found = found || w.opened[q].smallest(m+1) != nil
		}
		if found {
			sharp++
		}
	}
	t.Logf("%d worlds, %d opened sums, none about fewer than %d owners, exactly %d in %d worlds; refused: %v", *worlds, sums, m, m, sharp, refused)
	require.NotZero(t, sums)
	require.NotZero(t, sharp)
	for _, what := range []string{"staging", "opening", "contribution"} {
		require.NotZero(t, refused[what], what)
	}
}
