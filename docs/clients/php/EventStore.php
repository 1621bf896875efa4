<?php
declare(strict_types=1);

/**
 * What this program does with events: it writes each one down, once. The file is the work and also the memory of what
 * is done. In your app put both into one transaction of your database: insert the id into a table where it is the
 * primary key; if it is there already do nothing, otherwise make your change; commit.
 */
final class EventStore
{
    /** @var array<string, true> */
    private array $known = [];
    /** What lies before is known. */
    private int $end = 0;

    public function __construct(private readonly string $file)
    {
    }

    /**
     * Gives those that were not here before. When this returns they are on the disk. Several processes may call it at
     * once.
     *
     * @param list<object> $events CloudEvents 1.0; `data` by `type` as /api/asyncapi.json describes it
     * @return list<object>
     */
    public function take(array $events): array
    {
        $handle = fopen($this->file, 'c+');
        if ($handle === false || !flock($handle, LOCK_EX)) {
            throw new RuntimeException("cannot open $this->file");
        }
        try {
            $this->readOn($handle);
            $byId = array_column($events, null, 'id');
            $fresh = array_values(array_diff_key($byId, $this->known));
            $lines = implode('', array_map(
                fn (object $event) => json_encode(
                    $event,
                    JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES,
                ) . "\n",
                $fresh,
            ));
            if (fwrite($handle, $lines) !== strlen($lines) || !fflush($handle) || !fsync($handle)) {
                throw new RuntimeException("cannot write $this->file");
            }
            return $fresh;
        } finally {
            fclose($handle);
        }
    }

    /**
     * Learns what was written since the last time, and leaves the handle where to write on.
     *
     * @param resource $handle
     */
    private function readOn($handle): void
    {
        fseek($handle, $this->end);
        // A line that a crash cut short was never confirmed to the hub: it comes again.
        while (($line = fgets($handle)) !== false && str_ends_with($line, "\n")) {
            $this->known[json_decode($line, flags: JSON_THROW_ON_ERROR)->id] = true;
            $this->end = ftell($handle);
        }
        ftruncate($handle, $this->end);
        fseek($handle, $this->end);
    }
}
