package source_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
)

func ExampleOpenBatches() {
	dir, _ := os.MkdirTemp("", "example")
	defer os.RemoveAll(dir)
	location := source.Location{Path: filepath.Join(dir, "weights.csv"), Format: source.CSV, Seed: [source.SeedSize]byte{1, 2, 3}}
	_ = os.WriteFile(location.Path, []byte("name,kg\nann,60.5\nbob,NA\ncat,58\n"), 0o600)
	c, _ := source.Commit(location.Path, location.Format, location.Seed)

	// Tenths of a kilogram above 40 kg.
	kg := source.Column{Name: "kg", Column: fixedpoint.Column{Offset: 40, Decimals: 1, Bits: 10}}
	rows, _ := source.OpenBatches(source.Committed{Location: location, Rows: c.Rows, Root: c.Root[:]}, []source.Column{kg})
	defer rows.Close()
	for {
		batch, err := rows.Next()
		if errors.Is(err, io.EOF) {
			fmt.Println("the file is the committed one")
			return
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(batch.Values[0], batch.Valid[0])
	}
	// Output:
	// [205 0 180] [1 0 1]
	// the file is the committed one
}

func ExampleCache() {
	dir, _ := os.MkdirTemp("", "example")
	defer os.RemoveAll(dir)
	location := source.Location{Path: filepath.Join(dir, "ages.csv"), Format: source.CSV}
	_ = os.WriteFile(location.Path, []byte("age\n31\n29\n"), 0o600)
	c, _ := source.Commit(location.Path, location.Format, location.Seed)
	file := source.Committed{Location: location, Rows: c.Rows, Root: c.Root[:]}

	cache := source.NewCache(1 << 20)
	for round := range 3 {
		kept := len(cache.Jobs()) > 0
		rows, _ := cache.Open("job", file, []source.Column{{Name: "age", Column: fixedpoint.Column{Bits: 7}}})
		batch, _ := rows.Next()
		fmt.Println("round", round+1, "from memory:", kept, batch.Values[0])
		_ = rows.Finish()
		_ = rows.Close()
	}
	cache.Forget("job") // it is over
	fmt.Println(len(cache.Jobs()))
	// Output:
	// round 1 from memory: false [31 29]
	// round 2 from memory: true [31 29]
	// round 3 from memory: true [31 29]
	// 0
}
