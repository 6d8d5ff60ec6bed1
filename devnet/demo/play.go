package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/alita-network/alita/devnet/audit"
	"github.com/alita-network/alita/devnet/localnet"
)

// What the consumer pays for a million operations: much for the small questions, so that their bills show more than the smallest
// coins, and the owners' least price for the regression.
const (
	smallPrice = "25ALITA"
	largePrice = "1ALITA"
)

// demo is one run of the demonstration.
type demo struct {
	story      *story
	dir, build string

	net     *localnet.Network
	conn    *grpc.ClientConn
	watch   *watch
	mu      sync.Mutex // guards workers: owners are set up at the same time
	workers []*localnet.Worker
	seats   []*localnet.Seat
	panels  []string // by collection
}

// validators is how many nodes there are, each with a seat; a secure sum draws three of them.
const validators = 4

// seatFee is a seat's fee for a contribution, in ualita.
const seatFee = "500"

func (d *demo) addWorker(w *localnet.Worker) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.workers = append(d.workers, w)
}

// play plays everything in order.
func (d *demo) play(ctx context.Context) error {
	owners := people()
	all := collections(filepath.Join("testdata", "data"), owners)
	if err := d.startNetwork(ctx, all, owners); err != nil {
		return err
	}
	if err := d.seat(ctx); err != nil {
		return err
	}
	if err := d.storePrograms(ctx); err != nil {
		return err
	}
	for id, c := range all {
		if err := d.playCollection(ctx, c, uint64(id+1)); err != nil {
			return fmt.Errorf("%s: %w", c.symbol, err)
		}
	}
	return d.close(ctx)
}

func (d *demo) startNetwork(ctx context.Context, all []*collection, owners []*owner) error {
	d.story.chapter("The Alita data exchange: three collections, from creation to payment")
	d.story.begins("A network of %d validators", validators)
	accounts := []localnet.Account{{Name: "author", Coins: "1000000000ualita"}, {Name: "consumer", Coins: "20000000000ualita"}}
	for _, c := range all {
		accounts = append(accounts, localnet.Account{Name: c.maker, Coins: "20000000000ualita"})
	}
	for _, o := range owners {
		accounts = append(accounts, localnet.Account{Name: o.Name, Coins: "100000000ualita"})
	}
	stopTelling := d.story.working("making genesis, keys and the first block")
	net, err := localnet.Start(ctx, localnet.Config{
		Binary: filepath.Join(d.build, "alitad"), Dir: filepath.Join(d.dir, "net"), Validators: validators,
		Accounts: accounts, TimeoutCommit: 300 * time.Millisecond, Genesis: localnet.PanelSlots(panelSlotsPpm),
	})
	stopTelling()
	if err != nil {
		return err
	}
	d.net = net
	d.conn, err = grpc.NewClient(net.GRPC(0), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	d.watch = startWatch(ctx, net, audit.New(d.conn, "alita", "ualita"))
	d.story.line("chain %s; REST %s/swagger/, gRPC %s, RPC %s", localnet.ChainID, net.REST(0), net.GRPC(0), net.RPC(0))
	d.story.line("from here on every coin is audited at every height")
	return nil
}

// seat makes every validator a seat of secure sums.
func (d *demo) seat(ctx context.Context) error {
	d.story.begins("Every validator becomes a seat of secure sums")
	seats := make([]*localnet.Seat, validators)
	group, groupCtx := errgroup.WithContext(ctx)
	for i := range seats {
		group.Go(func() (err error) {
			seats[i], err = d.net.NewSeat(groupCtx, i, filepath.Join(d.build, "alita-worker"), filepath.Join(d.dir, fmt.Sprint("seat", i)), d.net.GRPC(i), seatFee)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, s := range seats {
		if err := s.Start(); err != nil {
			return err
		}
		d.seats = append(d.seats, s)
		d.story.line("node %d: seat %s, %s ualita for a contribution", i, s.Address, seatFee)
	}
	for _, s := range seats {
		if _, err := s.Command(ctx, "seat", "check"); err != nil {
			return fmt.Errorf("seat %s is not ready: %w", s.Address, err)
		}
	}
	d.story.line("`alita-worker seat check` finds all of them ready: key, node, clock, funds, registration, bond")
	d.story.line("a seat that lies loses its whole bond, one that is silent a tenth; of three that are drawn, one honest one hides every owner's answer")
	return nil
}

// seatName names a seat by its node.
func (d *demo) seatName(operator string) string {
	for i, s := range d.seats {
		if s.Operator == operator {
			return fmt.Sprintf("of node %d", i)
		}
	}
	return operator
}

func (d *demo) storePrograms(ctx context.Context) error {
	d.story.begins("An author stores five programs, by the hash of their code")
	for _, name := range []string{"moments", "histogram", "contingency", "logistic_row", "moments_row"} {
		res, err := d.net.Broadcast(ctx, "author", "compute", "store-program", "--shipped", name)
		if err != nil {
			return err
		}
		id, _ := res.Attribute("alita.compute.v1.EventProgramStored", "program_id")
		d.story.line("%-11s %s (gas %s)", name, id, res.GasUsed)
	}
	return nil
}

// playCollection plays the life of one collection.
func (d *demo) playCollection(ctx context.Context, c *collection, pool uint64) error {
	d.story.chapter("%s", c.title)
	for _, act := range []func(context.Context, *collection, uint64) error{
		d.createPool, d.listRecords, d.admitRecords, d.foundPanel, d.buyTokens, d.askAll, d.sellTokens, d.claimFees,
	} {
		if err := act(ctx, c, pool); err != nil {
			return err
		}
	}
	return nil
}

// close says what the audit has found.
func (d *demo) close(ctx context.Context) error {
	d.story.chapter("The books")
	d.story.begins("Every coin, at every height")
	heights, last, err := d.watch.finish(ctx)
	if err != nil {
		return err
	}
	d.story.line("%d heights audited, none with an unexplained coin: supplies equal balances, pools hold what their records say,", heights)
	d.story.line("escrows and bonds hold what their jobs and seats say. At the end %d pools, %d seats, %d jobs, %d of them open.", last.Pools, last.Seats, last.Jobs, last.OpenJobs)
	if last.OpenJobs != 0 {
		return fmt.Errorf("%d jobs are still open", last.OpenJobs)
	}
	d.story.line("supply of ALITA %s, of which the accounts hold as much", alita(last.Supply))
	d.story.print("\nDone in %.1f seconds. Everything above was measured in this run.\n", time.Since(d.story.begin).Seconds())
	return nil
}

func (d *demo) tellHowToGoOn() {
	home := d.net.Home(0)
	d.story.print("\nThe network goes on until you press Ctrl-C. Try\n\n")
	for _, c := range []string{
		"query datapool stats 1",
		"query metadata records 1",
		"tx datapool swap 1 10ALITA --from consumer",
		fmt.Sprintf("compute run --program moments --pool 2 --panels %s --columns body_mass_g --bits 13 --price %s --from consumer --yes", d.panels[1], smallPrice),
	} {
		d.story.print("  %s %s --home %s\n", filepath.Join("build", "alitad"), c, home)
	}
	d.story.print("\nand open %s/swagger/\n", d.net.REST(0))
}

// stop ends everything that the demonstration has started.
func (d *demo) stop() error {
	var errs []error
	if d.watch != nil {
		d.watch.stop()
	}
	for _, w := range d.workers {
		errs = append(errs, w.Stop())
	}
	for _, s := range d.seats {
		errs = append(errs, s.Stop())
	}
	d.workers, d.seats = nil, nil
	if d.conn != nil {
		errs = append(errs, d.conn.Close())
		d.conn = nil
	}
	if d.net != nil {
		errs = append(errs, d.net.Stop())
		d.net = nil
	}
	return errors.Join(errs...)
}
