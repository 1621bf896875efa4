<?php
declare(strict_types=1);

// Takes the webhooks of Liên Thông. Needs PHP 8.1 and nothing else; put it behind your web server, or to try it:
//   WEBHOOK_SECRET=whsec_… EVENTS_FILE=events.ndjson php -S 127.0.0.1:9000 receive-webhooks.php

require __DIR__ . '/EventStore.php';

const MAX_BYTES = 1_000_000;
const TOLERANCE_SECONDS = 300;

/** Whether the hub has signed this body, and not long ago (Standard Webhooks, `v1`). */
function isSigned(string $secret, string $id, string $timestamp, string $signatures, string $body): bool
{
    if ($id === '' || preg_match('/^\d{1,12}$/D', $timestamp) !== 1) {
        return false;
    }
    // Who has recorded an old request cannot send it again.
    if (abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $secret, true));
    // While the secret is being changed there are two signatures: one that fits is enough.
    foreach (explode(' ', $signatures) as $signature) {
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

function answer(): int
{
    $text = (string) getenv('WEBHOOK_SECRET');
    $secret = base64_decode(str_replace('whsec_', '', $text), true);
    if ($secret === false || strlen($secret) < 24) {
        throw new RuntimeException('WEBHOOK_SECRET must be the whsec_… of the subscription');
    }
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        return 405;
    }
    // The bytes that were signed, not what PHP makes of them.
    $body = file_get_contents('php://input', false, null, 0, MAX_BYTES + 1);
    if ($body === false || strlen($body) > MAX_BYTES) {
        return 413;
    }
    $header = fn (string $name): string => (string) ($_SERVER["HTTP_WEBHOOK_$name"] ?? '');
    if (!isSigned($secret, $header('ID'), $header('TIMESTAMP'), $header('SIGNATURE'), $body)) {
        return 401;
    }
    $event = json_decode($body, flags: JSON_THROW_ON_ERROR);
    // A request starts from nothing and reads the whole file again: for trying out. A table with a primary key does not.
    $store = new EventStore(getenv('EVENTS_FILE') ?: 'events.ndjson');
    $isNew = $store->take([$event]) !== [];
    error_log(($isNew ? 'took' : 'had') . " $event->type $event->subject $event->id");
    // Only now: the hub sends no event again after a 2xx.
    return 204;
}

try {
    http_response_code(answer());
} catch (Throwable $error) {
    // A 5xx: the hub tries again later.
    error_log($error->getMessage());
    http_response_code(500);
}
