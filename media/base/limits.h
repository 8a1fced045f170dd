/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every cap on what a peer can make Vidd keep or do, each with its reason. A test per cap.
 */
#ifndef VIDD_MEDIA_BASE_LIMITS_H
#define VIDD_MEDIA_BASE_LIMITS_H

enum limits {
	/* Ethernet's MTU: nothing larger reaches us whole from a browser. */
	LIMIT_DATAGRAM_BYTES = 1500,
	/* RFC 5764 endpoints on links with less than 1500: what we send stays under IPv6's 1280. */
	LIMIT_DTLS_MTU_BYTES = 1200,
	/* Largest ClientHello seen is 1461 bytes in two datagrams; a flight has at most this many.
	 */
	LIMIT_DTLS_FLIGHT_DATAGRAMS = 16,
	/* RFC 8839 5.4: ufrag 4..256, pwd 22..256. We accept no more than browsers use with margin.
	 */
	LIMIT_ICE_UFRAG_BYTES = 64,
	LIMIT_ICE_PWD_BYTES = 128,
	/* Validated addresses kept per transport: interfaces times address families of a phone. */
	LIMIT_ICE_PATHS = 8,
	/* SRTP packets that overtake the end of the DTLS handshake, kept per transport. */
	LIMIT_EARLY_PACKETS = 16,
	/* RFC 9143 mids and RFC 8852 rids as browsers write them. */
	LIMIT_MID_BYTES = 16,
	LIMIT_RID_BYTES = 16,
	/* RFC 7022 cname: 96 bits in base64, with margin. */
	LIMIT_CNAME_BYTES = 32,
	/* One participant's m-lines: 4 own sources each of audio and video, and 16 slots each. */
	LIMIT_MLINES = 40,
	/* Slots of each kind that a client is ever asked for; see LIMIT_MLINES. */
	LIMIT_SLOTS = 16,
	/* Codec entries of one m-line after negotiation (H264 alone brings 6). */
	LIMIT_CODECS = 12,
	/* Browsers send at most 3 simulcast encodings. */
	LIMIT_ENCODINGS = 3,
	/* Media connections of one person: a page, and WHIP and WHEP clients for exam cameras and
	 * a second screen. */
	LIMIT_SEAT_LEGS = 6,
	/* People in one consultation. */
	LIMIT_PARTICIPANTS = 16,
	/* Transports in one room: all that these may have, so that nobody is let in whom the room
	 * then refuses. */
	LIMIT_ROOM_TRANSPORTS = LIMIT_PARTICIPANTS * LIMIT_SEAT_LEGS,
	/* Tracks in one room. */
	LIMIT_ROOM_TRACKS = 128,
	/* Rooms and transports of one worker (100 rooms / 400 legs wanted, domain R19; margin x
	 * 10). */
	LIMIT_WORKER_ROOMS = 1000,
	LIMIT_WORKER_TRANSPORTS = 4000,
	/* Packets of one slot kept for retransmission: 2 s of 2.5 Mbit/s video. */
	LIMIT_SENT_PACKETS = 512,
	/* Cached run of an encoding: a keyframe of 720p and seconds of its base layer; more would
	 * take a joiner longer to get than a new keyframe takes to come. */
	LIMIT_RUN_BYTES = 65536,
	LIMIT_RUN_PACKETS = 128,
	/* Picture packets of one slot that wait for the link: 400 ms of 2.5 Mbit/s and a keyframe
	 * of 60 kB. */
	LIMIT_WAITING_PACKETS = 160,
	/* Retransmissions of one transport that wait for the link: a burst of loss on each of a few
	 * slots; who misses more needs a keyframe. */
	LIMIT_WAITING_REPAIRS = 128,
	/* Packets of a voice kept: 640 ms of 20 ms, twice the deepest redundancy. Power of two. */
	LIMIT_VOICE_PACKETS = 32,
	/* What left on a transport and waits for word of it: 1 s of 20 Mbit/s, 8 s of 2.5. Power of
	 * two. */
	LIMIT_HISTORY_PACKETS = 2048,
	/* Arrivals not told of yet: 1 s of 10 Mbit/s. Power of two. */
	LIMIT_ARRIVALS = 1024,
	/* NACK list towards a publisher; more missing than this is a keyframe request. */
	LIMIT_NACK_MISSING = 128,
	/* RTCP packets acted on in one compound. */
	LIMIT_RTCP_PACKETS = 32,
	/* NACK items (RFC 4585 6.2.1) acted on in one packet. */
	LIMIT_RTCP_NACK_ITEMS = 64,
	/* RFC 2198 blocks in one packet. */
	LIMIT_RED_BLOCKS = 8,
	/* Size of an SDP offer: 40 m-lines of Chromium are about 100 kB. */
	LIMIT_SDP_BYTES = 131072,
	/* A signalling message: an offer in JSON. */
	LIMIT_MESSAGE_BYTES = 163840,
	/* Names of people and titles, in UTF-8 bytes. */
	LIMIT_NAME_BYTES = 128,
	/* Ids of consultations and participants, as text. */
	LIMIT_ID_BYTES = 32,
	/* Lines of a "seen" message: the others, with five kinds of sources each. */
	LIMIT_MESSAGE_SEEN = 80,
	/* Units that one staff member watches over: seven municipalities have some each. */
	LIMIT_WATCHED_UNITS = 16,
	/* A part of a still in base64, 18 kB of picture: half a second of a 300 kbit/s uplink. */
	LIMIT_STILL_DATA = 24576,
	/* A whole still: 12 Mpx of JPEG at good quality. */
	LIMIT_STILL_BYTES = 8388608,
	LIMIT_STILL_PARTS = 1024,
	/* Real-time text of one message: what is typed in 300 ms, or a text that is pasted, in
	 * pieces. */
	LIMIT_T140_BYTES = 2048,
	LIMIT_CHAT_BYTES = 8192, /* 2000 characters */
	LIMIT_WORDING_BYTES = 2048,
	LIMIT_LINK_BYTES = 512,
};

#endif
