package main

import (
	"context"
	"fmt"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/alita-network/alita/devnet/localnet"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// listRecords splits the data over its owners; each sets up a worker next to its part and registers a record.
func (d *demo) listRecords(ctx context.Context, c *collection, pool uint64) error {
	d.story.begins("%d owners list their parts, each with a worker of its own", len(c.parts))
	if err := c.split(d.dir); err != nil {
		return err
	}
	stopTelling := d.story.working("workers are made and registered, rows committed, locations sealed")
	group, groupCtx := errgroup.WithContext(ctx)
	lines := make([]string, len(c.parts))
	for i, p := range c.parts {
		p.address = d.net.Address(p.Name())
		group.Go(func() (err error) {
			lines[i], err = d.listRecord(groupCtx, c, p, pool)
			return err
		})
	}
	err := group.Wait()
	stopTelling()
	if err != nil {
		return err
	}
	for _, l := range lines {
		d.story.line("%s", l)
	}
	d.story.line("where a file lies is sealed on the owner's machine, to the owner's worker alone; no row has left it")
	return nil
}

// listRecord does for one owner what the README tells an owner to do.
func (d *demo) listRecord(ctx context.Context, c *collection, p *part, pool uint64) (string, error) {
	p.File, p.Document = p.file, p.document
	if !p.joined {
		if err := p.Join(ctx, d.net, filepath.Join(d.build, "alita-worker"), d.net.GRPC(0),
			"--author", d.net.Address("author"), "--min-cohort", "3", "--panel-class", "named"); err != nil {
			return "", err
		}
	}
	made, err := p.owner.Register(ctx, d.net, pool, "--record-version", "1.0.0", "--name", c.title+", "+p.about)
	if err != nil {
		return "", err
	}
	if made.Rows != p.rows {
		return "", fmt.Errorf("%s: %d rows were registered, the file has %d", p.Name(), made.Rows, p.rows)
	}
	p.record = made.RecordID
	if !p.joined {
		p.joined = true
		if err := p.Worker.Start(); err != nil {
			return "", err
		}
		d.addWorker(p.Worker)
	}
	return fmt.Sprintf("%-9s %3d rows (%s), record %s, %d findings, gas %d",
		p.Name(), made.Rows, p.about, made.RecordID, len(made.Findings), made.GasUsed), nil
}

// admitRecords has the maker admit each record and each owner grant computing on it.
func (d *demo) admitRecords(ctx context.Context, c *collection, id uint64) error {
	d.story.begins("The maker admits the records, the owners grant computing on them")
	for _, p := range c.parts {
		res, err := d.net.Broadcast(ctx, c.maker, "metadata", "admit", p.record, "1.0.0")
		if err != nil {
			return err
		}
		reward, _ := res.Attribute("alita.metadata.v1.EventVersionAdmitted", "reward_data")
		amount, err := parseInt(reward)
		if err != nil {
			return err
		}
		d.story.line("%s admitted, reward %s %s", p.record, units(amount), c.symbol)
	}
	terms := `{` + localnet.NamedPrograms() + `,"min_cohort":3,"min_price_per_mop":"1000000"}`
	group, groupCtx := errgroup.WithContext(ctx)
	for _, p := range c.parts {
		group.Go(func() error {
			_, err := d.net.Broadcast(groupCtx, p.Name(), "metadata", "grant", p.record, terms)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	d.story.line("each grants: the programs that ship, for at least 1 ALITA per million operations, with at least 3 owners, and nobody reads a single answer")
	pool, err := d.pool(ctx, id)
	if err != nil {
		return err
	}
	return checkRewards(pool, c)
}

// checkRewards compares the budget with the rewards that were paid.
func checkRewards(p datapooltypes.Pool, c *collection) error {
	budget, err := parseInt(c.pool.rewardBudget + "000000")
	if err != nil {
		return err
	}
	paid := p.RewardPolicy.PerRecord.MulRaw(int64(len(c.parts)))
	if got := budget.Sub(p.Rewards.Data); !got.Equal(paid) {
		return fmt.Errorf("the reward budget fell by %s, expected %s", units(got), units(paid))
	}
	return nil
}
