<?php
declare(strict_types=1);

// Reads the events of Liên Thông page by page and keeps its place in a file. Needs PHP 8.1 with curl and nothing else:
//   HUB=http://localhost:8080 CLIENT_ID=… CLIENT_SECRET=… php pull-events.php          follows for ever
//   … php pull-events.php --once                                                       reads what is there and ends

require __DIR__ . '/EventStore.php';

final class Refused extends RuntimeException
{
    /** @param int $status 0 when there was no answer at all */
    public function __construct(public readonly int $status, string $text, public readonly int $retryAfter = 0)
    {
        parent::__construct($status === 0 ? $text : "the hub answered $status: $text");
    }
}

final class Hub
{
    private string $token = '';
    private int $tokenEndsAt = 0;
    private readonly CurlHandle $curl;

    public function __construct(
        private readonly string $origin,
        private readonly string $clientId,
        private readonly string $clientSecret,
    ) {
        $this->curl = curl_init();
    }

    /** @return object{items: list<object>, next: string, more?: bool} */
    public function readPage(string $after, int $wait): object
    {
        $query = ['limit' => 500, 'wait' => $wait] + ($after === '' ? [] : ['after' => $after]);
        return $this->ask('/api/v1/events?' . http_build_query($query), [
            CURLOPT_HTTPHEADER => ['authorization: Bearer ' . $this->currentToken()],
        ]);
    }

    public function forgetToken(): void
    {
        $this->tokenEndsAt = 0;
    }

    private function currentToken(): string
    {
        if (time() >= $this->tokenEndsAt) {
            $answer = $this->ask('/sso/token', [
                CURLOPT_USERPWD => rawurlencode($this->clientId) . ':' . rawurlencode($this->clientSecret),
                CURLOPT_POSTFIELDS => http_build_query([
                    'grant_type' => 'client_credentials',
                    'scope' => 'events.read',
                ]),
            ]);
            $this->token = $answer->access_token;
            $this->tokenEndsAt = time() + $answer->expires_in - 60;
        }
        return $this->token;
    }

    /** @param array<int, mixed> $options */
    private function ask(string $path, array $options): object
    {
        $retryAfter = 0;
        curl_reset($this->curl);
        curl_setopt_array($this->curl, $options + [
            CURLOPT_URL => $this->origin . $path,
            CURLOPT_RETURNTRANSFER => true,
            // Longer than the hub waits for news.
            CURLOPT_TIMEOUT => 60,
            CURLOPT_HEADERFUNCTION => function (CurlHandle $_, string $line) use (&$retryAfter): int {
                if (stripos($line, 'retry-after:') === 0) {
                    $retryAfter = (int) trim(substr($line, 12));
                }
                return strlen($line);
            },
        ]);
        $text = curl_exec($this->curl);
        if ($text === false) {
            throw new Refused(0, curl_error($this->curl));
        }
        $status = curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE);
        if ($status !== 200) {
            throw new Refused($status, substr($text, 0, 500), $retryAfter);
        }
        return json_decode($text, flags: JSON_THROW_ON_ERROR);
    }
}

/** Whole or not at all, whatever happens in between. */
function keepPlace(string $file, string $cursor): void
{
    if (file_put_contents("$file.new", $cursor) !== strlen($cursor) || !rename("$file.new", $file)) {
        throw new RuntimeException("cannot write $file");
    }
}

$hub = new Hub(
    getenv('HUB') ?: 'http://localhost:8080',
    (string) getenv('CLIENT_ID'),
    (string) getenv('CLIENT_SECRET'),
);
$once = in_array('--once', $argv, true);
$store = new EventStore(getenv('EVENTS_FILE') ?: 'events.ndjson');
$cursorFile = getenv('CURSOR_FILE') ?: 'cursor.txt';
// Without a place: from the beginning of the log.
$place = is_file($cursorFile) ? trim((string) file_get_contents($cursorFile)) : '';
$failures = 0;
while (true) {
    try {
        $page = $hub->readPage($place, $once ? 0 : 25);
        foreach ($store->take($page->items) as $event) {
            echo "took $event->type $event->subject $event->id\n";
        }
        // After the work, never before it: what was not kept comes again, and the store knows it.
        if ($page->next !== $place) {
            keepPlace($cursorFile, $page->next);
        }
        $place = $page->next;
        $failures = 0;
        if ($once && $page->items === [] && !($page->more ?? false)) {
            exit(0);
        }
    } catch (Refused $refused) {
        // A token that ended early is worth one more try; wrong credentials are not.
        if ($refused->status === 401 && $failures === 0) {
            $hub->forgetToken();
        } elseif ($refused->status >= 400 && $refused->status < 500 && $refused->status !== 429) {
            // What is wrong with our request is not mended by waiting.
            throw $refused;
        }
        $failures += 1;
        if ($once && $failures > 5) {
            throw $refused;
        }
        $seconds = max($refused->retryAfter, min(60, 2 ** $failures));
        fwrite(STDERR, "{$refused->getMessage()}; again in $seconds s\n");
        sleep($seconds);
    }
}
