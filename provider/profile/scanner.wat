;; Counts the records of delimited text, 64 bytes at a time. The grammar is that of grammar.ts, which puts its two tables
;; at the start of the memory; `$bytes` follows them byte by byte and is always right. `$push` does the same with
;; bit masks for blocks where nothing out of the ordinary happens, and leaves the others to `$bytes`.
;; Built by `npm run build:wasm` into scanner-binary.ts; a test compares the two.
(module
  ;; 0: kinds of the 256 bytes. 256: transitions. 65536: memory to copy chunks into. 131072: two slots of 1 MiB.
  (memory (export "memory") 34 34)

  (global $delimiter (export "delimiter") (mut i32) (i32.const 0))
  ;; Numbers of States and Actions are those of grammar.ts.
  (global $state (export "state") (mut i32) (i32.const 0))
  (global $fault (export "fault") (mut i32) (i32.const 0))
  (global $records (export "records") (mut i64) (i64.const 0))
  (global $width (export "width") (mut i64) (i64.const 0))
  (global $fields (export "fields") (mut i64) (i64.const 1))
  (global $lf (export "lf") (mut i64) (i64.const 0))
  (global $crlf (export "crlf") (mut i64) (i64.const 0))
  (global $emptyLines (export "emptyLines") (mut i64) (i64.const 0))
  (global $strayQuotes (export "strayQuotes") (mut i64) (i64.const 0))
  (global $strayQuoteLine (export "strayQuoteLine") (mut i64) (i64.const 0))
  (global $line (export "line") (mut i64) (i64.const 1))
  (global $recordLine (export "recordLine") (mut i64) (i64.const 1))
  (global $quoteLine (export "quoteLine") (mut i64) (i64.const 1))
  (global $headerEnd (export "headerEnd") (mut i64) (i64.const 0))
  ;; Added to an address, it gives the offset in the text.
  (global $base (mut i64) (i64.const 0))
  (global $scanned (export "scanned") (mut i64) (i64.const 0))

  ;; The state between blocks of `$push`, by the byte before: all ones or zero for `wasInside`, else one bit.
  (global $wasInside (mut i64) (i64.const 0))
  (global $wasClosing (mut i64) (i64.const 0))
  (global $wasCr (mut i64) (i64.const 0))
  (global $wasLf (mut i64) (i64.const 0))
  (global $wasSeparator (mut i64) (i64.const 0))
  (global $wasCrOnEmptyLine (mut i32) (i32.const 0))

  (func $bitsFromState
    (global.set $wasInside (i64.sub (i64.const 0) (i64.extend_i32_u (i32.eq (global.get $state) (i32.const 3)))))
    (global.set $wasClosing (i64.extend_i32_u (i32.eq (global.get $state) (i32.const 4))))
    (global.set $wasCr (i64.extend_i32_u (i32.eq (global.get $state) (i32.const 6))))
    (global.set $wasLf (i64.extend_i32_u (i32.eqz (global.get $state))))
    (global.set $wasSeparator (i64.extend_i32_u (i32.le_u (global.get $state) (i32.const 1))))
    (global.set $wasCrOnEmptyLine (i32.eq (global.get $state) (i32.const 5))))

  (func $stateFromBits
    (global.set $state
      (select (i32.const 3)
        (select (i32.const 4)
          (select (i32.const 0)
            (select (i32.const 1)
              (select (i32.const 6)
                (select (i32.const 5) (i32.const 2) (global.get $wasCrOnEmptyLine))
                (i32.wrap_i64 (global.get $wasCr)))
              (i32.wrap_i64 (global.get $wasSeparator)))
            (i32.wrap_i64 (global.get $wasLf)))
          (i32.wrap_i64 (global.get $wasClosing)))
        (i32.wrap_i64 (global.get $wasInside)))))

  (func $record (param $end i32)
    (if (i64.eqz (global.get $records))
      (then
        (global.set $width (global.get $fields))
        (global.set $headerEnd (i64.add (global.get $base) (i64.extend_i32_u (local.get $end)))))
      (else
        (if (i64.ne (global.get $fields) (global.get $width))
          (then (global.set $fault (i32.const 2)) (return)))))
    (global.set $records (i64.add (global.get $records) (i64.const 1)))
    (global.set $fields (i64.const 1)))

  (func $newline
    (global.set $line (i64.add (global.get $line) (i64.const 1))))

  ;; What a transition asks for; `end` is the address after its byte.
  (func $act (param $action i32) (param $end i32)
    (if (i32.ge_u (local.get $action) (i32.const 8))
      (then (global.set $fault (local.get $action)) (return)))
    (if (i32.eq (local.get $action) (i32.const 5))
      (then (global.set $quoteLine (global.get $line)) (return)))
    (if (i32.eq (local.get $action) (i32.const 6))
      (then
        (if (i64.eqz (global.get $strayQuotes)) (then (global.set $strayQuoteLine (global.get $line))))
        (global.set $strayQuotes (i64.add (global.get $strayQuotes) (i64.const 1)))
        (return)))
    (if (i32.eq (local.get $action) (i32.const 7)) (then (call $newline) (return)))
    (if (i32.eq (local.get $action) (i32.const 4))
      (then (global.set $emptyLines (i64.add (global.get $emptyLines) (i64.const 1))))
      (else
        (call $record (local.get $end))
        (if (global.get $fault) (then (return)))
        (if (i32.eq (local.get $action) (i32.const 2))
          (then (global.set $lf (i64.add (global.get $lf) (i64.const 1))))
          (else (global.set $crlf (i64.add (global.get $crlf) (i64.const 1)))))))
    (call $newline)
    (global.set $recordLine (global.get $line)))

  (func $bytes (param $from i32) (param $to i32)
    (local $step i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $to)))
        (local.set $step
          (i32.load8_u offset=256
            (i32.or
              (i32.shl (global.get $state) (i32.const 3))
              (i32.load8_u (i32.load8_u (local.get $from))))))
        (global.set $state (i32.and (local.get $step) (i32.const 7)))
        (local.set $step (i32.shr_u (local.get $step) (i32.const 3)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br_if $next (i32.eqz (local.get $step)))
        (if (i32.eq (local.get $step) (i32.const 1))
          (then (global.set $fields (i64.add (global.get $fields) (i64.const 1))))
          (else
            (call $act (local.get $step) (local.get $from))
            (br_if $done (global.get $fault))))
        (br $next))))

  (func (export "push") (param $at i32) (param $length i32)
    (local $end i32) (local $last i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $quote v128) (local $delimiter v128) (local $lf v128) (local $cr v128)
    ;; One bit per byte of the block: quotes, delimiters, LF, CR, and whether a byte is inside quotes.
    (local $quotes i64) (local $delimiters i64) (local $lfs i64) (local $crs i64) (local $inside i64)
    (local $outside i64) (local $newlines i64) (local $opening i64) (local $closing i64)
    (local $afterClosing i64) (local $afterCr i64) (local $lineStart i64) (local $fieldStart i64)
    (local $rest i64) (local $through i64) (local $below i64) (local $fields i64)

    (global.set $base (i64.sub (global.get $scanned) (i64.extend_i32_u (local.get $at))))
    (global.set $scanned (i64.add (global.get $scanned) (i64.extend_i32_u (local.get $length))))
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $last (i32.and (local.get $length) (i32.const -64)))
    (local.set $last (i32.add (local.get $at) (local.get $last)))
    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (local.set $delimiter (i8x16.splat (global.get $delimiter)))
    (local.set $lf (i8x16.splat (i32.const 0x0a)))
    (local.set $cr (i8x16.splat (i32.const 0x0d)))

    (call $bitsFromState)
    (block $faulty
      (loop $blocks
        (if (i32.lt_u (local.get $at) (local.get $last))
          (then
            (block $slow
              (br_if $slow (i64.eqz (global.get $records)))
              (br_if $slow (global.get $wasCrOnEmptyLine))
              (local.set $a (v128.load (local.get $at)))
              (local.set $b (v128.load offset=16 (local.get $at)))
              (local.set $c (v128.load offset=32 (local.get $at)))
              (local.set $d (v128.load offset=48 (local.get $at)))
              (br_if $slow (i32.eqz (i8x16.all_true (i8x16.min_u
                (i8x16.min_u (local.get $a) (local.get $b))
                (i8x16.min_u (local.get $c) (local.get $d))))))

              (local.set $quotes
                (i64.or
                  (i64.or
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $quote))))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $quote)))) (i64.const 16)))
                  (i64.or
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $quote)))) (i64.const 32))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $quote)))) (i64.const 48)))))
              (local.set $delimiters
                (i64.or
                  (i64.or
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $delimiter))))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $delimiter)))) (i64.const 16)))
                  (i64.or
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $delimiter)))) (i64.const 32))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $delimiter)))) (i64.const 48)))))
              (local.set $lfs
                (i64.or
                  (i64.or
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $lf))))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $lf)))) (i64.const 16)))
                  (i64.or
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $lf)))) (i64.const 32))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $lf)))) (i64.const 48)))))
              (local.set $crs
                (i64.or
                  (i64.or
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $cr))))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $cr)))) (i64.const 16)))
                  (i64.or
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $cr)))) (i64.const 32))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $cr)))) (i64.const 48)))))

              ;; Every quote turns `inside` over, from its own bit on: an opening one is inside, a closing one outside.
              ;; A pair of quotes inside a quoted field closes and opens again, which comes to the same.
              (local.set $inside (local.get $quotes))
              (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 1))))
              (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 2))))
              (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 4))))
              (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 8))))
              (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 16))))
              (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 32))))
              (local.set $inside (i64.xor (local.get $inside) (global.get $wasInside)))
              (local.set $outside (i64.xor (local.get $inside) (i64.const -1)))
              (local.set $opening (i64.and (local.get $quotes) (local.get $inside)))
              (local.set $closing (i64.and (local.get $quotes) (local.get $outside)))
              (local.set $delimiters (i64.and (local.get $delimiters) (local.get $outside)))
              (local.set $newlines (i64.and (local.get $lfs) (local.get $outside)))
              (local.set $crs (i64.and (local.get $crs) (local.get $outside)))

              ;; Bytes by what comes before them.
              (local.set $lineStart (i64.or (i64.shl (local.get $newlines) (i64.const 1)) (global.get $wasLf)))
              (local.set $fieldStart
                (i64.or
                  (i64.or (local.get $lineStart) (i64.shl (local.get $delimiters) (i64.const 1)))
                  (global.get $wasSeparator)))
              (local.set $afterClosing (i64.or (i64.shl (local.get $closing) (i64.const 1)) (global.get $wasClosing)))
              (local.set $afterCr (i64.or (i64.shl (local.get $crs) (i64.const 1)) (global.get $wasCr)))

              ;; A stray quote, text after a closing quote, a lone CR, an empty line.
              (br_if $slow (i32.eqz (i64.eqz (i64.or
                (i64.or
                  (i64.and
                    (local.get $opening)
                    (i64.xor (i64.or (local.get $fieldStart) (local.get $afterClosing)) (i64.const -1)))
                  (i64.and
                    (local.get $afterClosing)
                    (i64.xor
                      (i64.or
                        (i64.or (local.get $delimiters) (local.get $newlines))
                        (i64.or (local.get $crs) (local.get $quotes)))
                      (i64.const -1))))
                (i64.or
                  (i64.and (local.get $afterCr) (i64.xor (local.get $newlines) (i64.const -1)))
                  (i64.and (local.get $lineStart) (i64.or (local.get $newlines) (local.get $crs))))))))

              ;; Every record has as many fields as the header, or `$bytes` finds out which does not.
              (local.set $fields (global.get $fields))
              (local.set $rest (local.get $newlines))
              (local.set $below (i64.const 0))
              (block $counted
                (loop $record
                  (br_if $counted (i64.eqz (local.get $rest)))
                  ;; Ones up to this record's end.
                  (local.set $through (i64.xor (local.get $rest) (i64.sub (local.get $rest) (i64.const 1))))
                  (br_if $slow (i64.ne
                    (global.get $width)
                    (i64.add
                      (local.get $fields)
                      (i64.popcnt (i64.and
                        (local.get $delimiters)
                        (i64.and (local.get $through) (i64.xor (local.get $below) (i64.const -1))))))))
                  (local.set $fields (i64.const 1))
                  (local.set $below (local.get $through))
                  (local.set $rest (i64.and (local.get $rest) (i64.sub (local.get $rest) (i64.const 1))))
                  (br $record)))

              ;; Nothing is left to go wrong: from here on everything is counted.
              (global.set $fields (i64.add
                (local.get $fields)
                (i64.popcnt (i64.and (local.get $delimiters) (i64.xor (local.get $below) (i64.const -1))))))
              (global.set $records (i64.add (global.get $records) (i64.popcnt (local.get $newlines))))
              (local.set $rest (i64.popcnt (i64.and (local.get $newlines) (local.get $afterCr))))
              (global.set $crlf (i64.add (global.get $crlf) (local.get $rest)))
              (global.set $lf (i64.add
                (global.get $lf)
                (i64.sub (i64.popcnt (local.get $newlines)) (local.get $rest))))
              (local.set $opening (i64.and (local.get $opening) (i64.xor (local.get $afterClosing) (i64.const -1))))
              (if (i64.ne (local.get $newlines) (i64.const 0))
                (then (global.set $recordLine (i64.add
                  (global.get $line)
                  (i64.popcnt (i64.and (local.get $lfs) (local.get $below)))))))
              ;; A quote closed by the last byte may turn out to be the first of a pair.
              (if
                (i32.and
                  (i64.ne (local.get $opening) (i64.const 0))
                  (i64.lt_s (i64.or (local.get $inside) (local.get $closing)) (i64.const 0)))
                (then (global.set $quoteLine (i64.add
                  (global.get $line)
                  (i64.popcnt (i64.and
                    (local.get $lfs)
                    (i64.shr_u (i64.const -1) (i64.clz (local.get $opening)))))))))
              (global.set $line (i64.add (global.get $line) (i64.popcnt (local.get $lfs))))
              (global.set $wasInside (i64.shr_s (local.get $inside) (i64.const 63)))
              (global.set $wasClosing (i64.shr_u (local.get $closing) (i64.const 63)))
              (global.set $wasCr (i64.shr_u (local.get $crs) (i64.const 63)))
              (global.set $wasLf (i64.shr_u (local.get $newlines) (i64.const 63)))
              (global.set $wasSeparator (i64.shr_u (i64.or (local.get $newlines) (local.get $delimiters)) (i64.const 63)))
              (local.set $at (i32.add (local.get $at) (i32.const 64)))
              (br $blocks))
            (call $stateFromBits)
            (call $bytes (local.get $at) (i32.add (local.get $at) (i32.const 64)))
            (call $bitsFromState)
            (br_if $faulty (global.get $fault))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br $blocks))))
      (call $stateFromBits)
      (call $bytes (local.get $at) (local.get $end))))

  ;; The text is complete. An open quote is fault 11.
  (func (export "end")
    (br_if 0 (global.get $fault))
    (br_if 0 (i32.eqz (global.get $state)))
    (if (i32.eq (global.get $state) (i32.const 3))
      (then (global.set $fault (i32.const 11)) (return)))
    (if (i32.ge_u (global.get $state) (i32.const 5))
      (then (global.set $fault (i32.const 9)) (return)))
    (call $record (i32.wrap_i64 (i64.sub (global.get $scanned) (global.get $base)))))
)
